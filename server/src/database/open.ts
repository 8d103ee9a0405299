import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { Logger } from 'pino';
import { DATABASE, SUPERUSER } from './embedded/cluster.ts';
import { openServer } from './embedded/embedded.ts';
import type { EmbeddedServer } from './embedded/server.ts';
import { DatabaseStartError, errorCode, isDatabaseUnavailable } from './errors.ts';
import { checkServer, withUtcSessions } from './external.ts';
import { type Connection, createKysely, createPool, endPool } from './pool.ts';
import type { Database } from './tables.ts';

export interface DatabaseSettings {
  /** A Postgres 15-18 server to use; null: the embedded one in dataDir. */
  databaseUrl: string | null;
  dataDir: string;
  poolSize?: number;
  /** Prepared statements; false behind an old PgBouncer. */
  prepare?: boolean;
  applicationName?: string;
  /** Asked once the data directory is ours and before a database is made; its error ends the opening. */
  beforeStart?: () => Promise<void>;
}

export interface DatabaseHandle {
  db: Kysely<Database>;
  pool: pg.Pool;
  connection: Connection;
  embedded: { readonly dataDir: string; readonly pid: number; readonly startedHere: boolean } | null;
  /** Ends the pool, then the embedded server unless another process has joined it. */
  close(): Promise<void>;
}

const DUPLICATE_DATABASE = '42P04';
const UNIQUE_VIOLATION = '23505';
const AVAILABLE_WITHIN_MS = 10_000;
const RETRY_MS = 100;

/** Opens the database for a service, which must be the only one on its data directory. */
export function openDatabase(settings: DatabaseSettings, logger: Logger): Promise<DatabaseHandle> {
  return open(settings, 'service', logger);
}

/** Opens the database for a command: through the server that runs on its data directory, if one does. */
export function joinOrOpenDatabase(settings: DatabaseSettings, logger: Logger): Promise<DatabaseHandle> {
  return open(settings, 'command', logger);
}

async function open(settings: DatabaseSettings, role: 'service' | 'command', logger: Logger): Promise<DatabaseHandle> {
  const { databaseUrl, dataDir, beforeStart } = settings;
  if (databaseUrl !== null) {
    await beforeStart?.();
    return openExternal(databaseUrl, settings, logger);
  }
  const server = await openServer({ dataDir, role, ...(beforeStart && { beforeStart }) }, logger);
  try {
    return await openEmbedded(server, settings, logger);
  } catch (error) {
    await server.end();
    throw error;
  }
}

async function openExternal(url: string, settings: DatabaseSettings, logger: Logger): Promise<DatabaseHandle> {
  const connection = { connectionString: withUtcSessions(url) };
  const pool = createPool(connection, settings, logger);
  try {
    await checkServer(pool, url, logger);
  } catch (error) {
    await endPool(pool);
    throw error;
  }
  return { db: createKysely(pool), pool, connection, embedded: null, close: () => endPool(pool) };
}

async function openEmbedded(
  server: EmbeddedServer,
  settings: DatabaseSettings,
  logger: Logger,
): Promise<DatabaseHandle> {
  const { socketDir, port } = server.current();
  const connection = { host: socketDir, port, user: SUPERUSER, database: DATABASE };
  await onceAvailable(() => ensureDatabase(connection, logger)).catch((error: unknown) => {
    throw unusableError(settings.dataDir, error);
  });
  const pool = createPool(connection, settings, logger);
  return {
    db: createKysely(pool),
    pool,
    connection,
    embedded: describe(settings.dataDir, server),
    close: once(async () => {
      await endPool(pool);
      await server.end();
    }),
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

/** An adopted server may be dying of a kill that came just before; its supervisor starts it again within a second. */
async function onceAvailable(work: () => Promise<void>): Promise<void> {
  const deadlineMs = Date.now() + AVAILABLE_WITHIN_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseUnavailable(error) || Date.now() > deadlineMs) throw error;
      await delay(RETRY_MS);
    }
  }
}

async function ensureDatabase(connection: Connection, logger: Logger): Promise<void> {
  const pool = createPool({ ...connection, database: 'postgres' }, { poolSize: 1 }, logger);
  try {
    const { rows } = await pool.query<{ folder: string; is_there: boolean }>(
      `select 'base/' || oid as folder, (pg_stat_file('base/' || oid || '/PG_VERSION', true)).size is not null as is_there
       from pg_database where datname = $1`,
      [DATABASE],
    );
    if (rows[0] === undefined) await pool.query(`create database ${DATABASE}`);
    else if (!rows[0].is_there) throw new Error(`its folder postgres/${rows[0].folder} is missing`);
  } catch (error) {
    // A command that joined the server may have been first.
    if (errorCode(error) !== DUPLICATE_DATABASE && errorCode(error) !== UNIQUE_VIOLATION) throw error;
  } finally {
    await endPool(pool);
  }
}

function unusableError(dataDir: string, error: unknown): DatabaseStartError {
  const said = error instanceof Error ? error.message : String(error);
  return new DatabaseStartError(
    `The database server of ${dataDir} starts, but its database can't be opened: ${said}. ` +
      `See ${join(dataDir, 'postgres.log')}. If the data is damaged, restore a backup into a new TALLYLINE_DATA_DIR.`,
    { cause: error },
  );
}

function describe(dataDir: string, server: EmbeddedServer): DatabaseHandle['embedded'] {
  return {
    dataDir,
    get pid() {
      return server.current().pid;
    },
    get startedHere() {
      return server.current().startedHere;
    },
  };
}
