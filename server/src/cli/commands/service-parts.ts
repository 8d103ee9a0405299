import type { Collector } from '../../collector/start.ts';
import type { Source } from '../../sources/source.ts';
import { closeApp } from '../close-app.ts';
import type { Runtime } from '../runtime.ts';
import { listenError } from './port.ts';

export interface StartedParts {
  /** Where the API answers; null where only a collector runs. */
  url: string | null;
  collectorId: string | null;
  /** Idempotent. Requests and refreshes in flight end first, or are handed back. */
  stop(): Promise<void>;
}

type Stop = () => Promise<void>;

/** Starts the API and then the collector, as far as the command runs them. What was started is stopped when a later part fails. */
export async function startParts(runtime: Runtime, command: 'serve' | 'api' | 'collector'): Promise<StartedParts> {
  const stops: Stop[] = [];
  let stopping: Promise<void> | null = null;
  const stop: Stop = () => (stopping ??= stopAll(stops));
  let collector: Collector | null = null;
  try {
    const collectorHealth = () => ({ isHealthy: collector?.isHealthy() ?? false });
    const url =
      command === 'collector' ? null : await startApi(runtime, command === 'serve' ? collectorHealth : null, stops);
    if (command !== 'api') collector = await startOneCollector(runtime, stops);
    return { url, collectorId: collector?.collectorId ?? null, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The API and the collector stop side by side; sources after them, since refreshes in flight still use them. */
async function stopAll(stops: readonly Stop[]): Promise<void> {
  const results = await Promise.allSettled(stops.map((stop) => stop()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function startApi(
  { config, clock, logger, handle }: Runtime,
  collectorHealth: (() => { isHealthy: boolean }) | null,
  stops: Stop[],
): Promise<string> {
  const { buildApp } = await import('../../http/app.ts');
  const app = await buildApp({
    db: handle.db,
    clock,
    logger,
    config,
    ...(collectorHealth === null ? {} : { collectorHealth }),
  });
  stops.push(() => closeApp(app));
  try {
    return await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    throw listenError(error, config);
  }
}

async function startOneCollector({ config, clock, logger, handle }: Runtime, stops: Stop[]): Promise<Collector> {
  const [{ createSources }, { startCollector }] = await Promise.all([
    import('../../sources/create.ts'),
    import('../../collector/start.ts'),
  ]);
  const sources = await createSources(config.sources, { logger });
  let collector: Collector | null = null;
  stops.push(async () => {
    await collector?.stop();
    await closeSources(sources);
  });
  for (const { name, isSandbox } of sources) {
    if (isSandbox) logger.warn({ source: name }, 'numbers of this source are simulated');
    else logger.info({ source: name }, 'source in use');
  }
  collector = await startCollector({ handle, sources, clock, logger, config });
  return collector;
}

async function closeSources(sources: readonly Source[]): Promise<void> {
  await Promise.all(sources.map((source) => source.close()));
}
