import type { Logger } from 'pino';
import { type Clock, systemClock } from '../clock.ts';
import { type Config, loadConfig } from '../config.ts';
import { migrate } from '../database/migrate.ts';
import { type DatabaseHandle, joinOrOpenDatabase, openDatabase } from '../database/open.ts';
import type { Context } from '../services/context.ts';
import type { OperatorContext } from '../services/organizations/create-organization.ts';
import { findOrganization } from '../services/organizations/find-organization.ts';
import { CommandError } from './failures.ts';
import { createLogger } from './logger.ts';
import { onStopSignal } from './signals.ts';

/** What every command needs: settings, logger, clock and an open, migrated database. */
export interface Runtime {
  config: Config;
  logger: Logger;
  clock: Clock;
  handle: DatabaseHandle;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface RuntimeOptions {
  command: string;
  /** A service must be the only one on its data directory; a command joins the server that runs there. */
  role: 'service' | 'command';
  allowBreaking?: boolean;
  /** What must hold before a database is made. */
  beforeStart?: () => Promise<void>;
}

export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const config = loadConfig(process.env);
  return openRuntimeWith(config, loggerFor(config, options), options);
}

/** As openRuntime, for callers that need settings and logger before the database. */
export async function openRuntimeWith(config: Config, logger: Logger, options: RuntimeOptions): Promise<Runtime> {
  const open = options.role === 'service' ? openDatabase : joinOrOpenDatabase;
  const settings = {
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    poolSize: config.databasePoolSize,
    prepare: config.databasePrepare === 'on',
    applicationName: `tallyline ${options.command}`,
    ...(options.beforeStart && { beforeStart: options.beforeStart }),
  };
  const handle = await open(settings, logger);
  try {
    await migrate(handle, logger, { allowBreaking: options.allowBreaking ?? false });
  } catch (error) {
    await handle.close();
    throw error;
  }
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= handle.close());
  return { config, logger, clock: systemClock, handle, close };
}

/** A service tells what it does; a command only what went wrong, unless more was asked for. */
export function loggerFor(config: Config, { role }: RuntimeOptions): Logger {
  return createLogger(role === 'command' && config.logLevel === 'info' ? 'warn' : config.logLevel);
}

/** Runs a command's work and closes what it opened, also when it fails or is interrupted. */
export async function withRuntime<T>(options: RuntimeOptions, work: (runtime: Runtime) => Promise<T>): Promise<T> {
  let runtime: Runtime | null = null;
  let isInterrupted = false;
  // Ends the work at its next query.
  onStopSignal(() => {
    isInterrupted = true;
    runtime?.close().catch(() => undefined);
  });
  try {
    runtime = await openRuntime(options);
    if (isInterrupted) throw new CommandError('Interrupted');
    return await work(runtime);
  } catch (error) {
    throw isInterrupted ? new CommandError('Interrupted') : error;
  } finally {
    await runtime?.close();
  }
}

export function operatorContext({ handle, clock, logger }: Runtime, command: string): OperatorContext {
  return { actor: { type: 'system', name: 'command line' }, db: handle.db, clock, logger, requestId: command };
}

/** The context of a verb in the organization with this id or name. */
export async function organizationContext(runtime: Runtime, command: string, organization: string): Promise<Context> {
  const operator = operatorContext(runtime, command);
  const { id } = await findOrganization(operator, { organization });
  return { ...operator, organizationId: id };
}
