import { loadConfig } from '../../config.ts';
import { ensureDefaultOrganization } from '../../services/organizations/ensure-default-organization.ts';
import { exitOnCrash } from '../crash.ts';
import { CommandError } from '../failures.ts';
import type { Output } from '../output.ts';
import { loggerFor, openRuntimeWith, operatorContext, type Runtime, type RuntimeOptions } from '../runtime.ts';
import { listenForStop } from '../signals.ts';
import { requireFreePort } from './port.ts';
import { startParts, type StartedParts } from './service-parts.ts';

export interface ServeOptions {
  command: 'serve' | 'api' | 'collector';
}

const stopWithinMs = 8_500;

/** Runs the API, the collector or both until SIGINT or SIGTERM. */
export async function serve({ command }: ServeOptions, output: Output): Promise<void> {
  const stop = listenForStop(process.env.npm_lifecycle_event !== undefined);
  const config = loadConfig(process.env);
  const options: RuntimeOptions = {
    command,
    role: command === 'serve' ? 'service' : 'command',
    ...(command !== 'collector' && { beforeStart: () => requireFreePort(config) }),
  };
  const logger = loggerFor(config, { ...options, role: 'service' });
  // Loading the web framework takes as long as starting Postgres: both at once.
  const loaded = command === 'collector' ? null : import('../../http/app.ts');
  loaded?.catch(() => undefined);
  const runtime = await openRuntimeWith(config, logger, options);
  let parts: StartedParts | null = null;
  const close = async (): Promise<void> => {
    try {
      await parts?.stop();
    } finally {
      await runtime.close();
    }
  };
  const forgetCrash = exitOnCrash(logger, close);
  try {
    await bootstrap(runtime, command, output);
    parts = await startParts(runtime, command);
    announce(parts, output);
    const reason = await stop;
    logger.info({ reason }, 'stopping');
  } catch (error) {
    // What went wrong first is what a person needs to know.
    await within(stopWithinMs, close()).catch((second: unknown) => logger.error({ err: second }, 'could not stop'));
    throw error;
  }
  await within(stopWithinMs, close()).catch((error: unknown) => {
    throw new CommandError(`Not everything could be handed back (${messageOf(error)}); the next start takes over`);
  });
  forgetCrash();
  logger.info('stopped');
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function bootstrap(runtime: Runtime, command: string, output: Output): Promise<void> {
  const { bootstrapKey } = runtime.config;
  const { organizationId, newSecret } = await ensureDefaultOrganization(operatorContext(runtime, command), {
    bootstrapKey,
  });
  if (newSecret === null) return;
  output.result({ organization_id: organizationId, api_key: newSecret }, [
    `API key of the organization Default (shown only this once): ${newSecret}`,
  ]);
}

function announce({ url, collectorId }: StartedParts, output: Output): void {
  const line = url === null ? 'Tallyline collector is running' : `Tallyline is ready at ${url}`;
  output.result({ ready: true, url, collector_id: collectorId }, [line]);
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`still busy after ${limitMs / 1000} s`)), limitMs);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
