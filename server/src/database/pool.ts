import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import { errorCode } from './errors.ts';
import { PreparingClient } from './preparing-client.ts';
import type { Database } from './tables.ts';
import { typeParsers } from './type-parsers.ts';

/** How to reach a server: a URL, or the parts. */
export interface Connection {
  connectionString?: string;
  host?: string;
  port?: number;
  user?: string;
  database?: string;
  password?: string;
}

export interface PoolSettings {
  poolSize?: number;
  applicationName?: string;
  statementTimeoutMs?: number;
  /** False behind a PgBouncer older than 1.21 in transaction mode, which loses prepared statements. */
  prepare?: boolean;
  /** False where losing the last moments in a crash does no harm: commits do not wait for the disk. */
  durable?: boolean;
}

const DEFAULT_POOL_SIZE = 10;
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;

export function createPool(connection: Connection, settings: PoolSettings, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    types: typeParsers,
    max: settings.poolSize ?? DEFAULT_POOL_SIZE,
    application_name: settings.applicationName ?? 'tallyline',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: settings.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: `-c TimeZone=UTC${settings.durable === false ? ' -c synchronous_commit=off' : ''}`,
    ...(settings.prepare === false ? {} : { Client: PreparingClient }),
  });
  // Without listeners a connection that breaks would end the process; the query on it, if any, fails by itself.
  // The error itself carries the whole client, so only its words are logged.
  pool.on('error', (error) => {
    logger.warn({ reason: error.message, code: errorCode(error) }, 'an idle database connection broke');
  });
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export function createKysely(pool: pg.Pool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/** Ends the pool, but waits no longer than this for clients that are still checked out. */
export async function endPool(pool: pg.Pool, timeoutMs = 3_000): Promise<void> {
  if (pool.ended || pool.ending) return;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([pool.end(), timeout]);
  clearTimeout(timer);
}
