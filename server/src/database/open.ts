import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { Logger } from 'pino';
import { DATABASE, SUPERUSER } from './embedded/cluster.ts';
import { type HeldServer, holdServer } from './embedded/embedded.ts';
import { checkServerVersion } from './external.ts';
import { type Connection, createKysely, createPool, endPool } from './pool.ts';
import type { Database } from './tables.ts';

export interface DatabaseSettings {
  /** A Postgres 15-18 server to use; null: the embedded one in dataDir. */
  databaseUrl: string | null;
  dataDir: string;
  poolSize?: number;
  applicationName?: string;
}

export interface DatabaseHandle {
  db: Kysely<Database>;
  pool: pg.Pool;
  connection: Connection;
  embedded: { readonly dataDir: string; readonly pid: number; readonly startedHere: boolean } | null;
  close(): Promise<void>;
}

/** Opens the database for a service, which must be the only one on its data directory. */
export async function openDatabase(settings: DatabaseSettings, logger: Logger): Promise<DatabaseHandle> {
  return settings.databaseUrl === null
    ? openEmbedded(settings, 'service', logger)
    : openExternal(settings.databaseUrl, settings, logger);
}

/** Opens the database for a command: through the server that runs on its data directory, if one does. */
export async function joinOrOpenDatabase(settings: DatabaseSettings, logger: Logger): Promise<DatabaseHandle> {
  return settings.databaseUrl === null
    ? openEmbedded(settings, 'command', logger)
    : openExternal(settings.databaseUrl, settings, logger);
}

async function openExternal(url: string, settings: DatabaseSettings, logger: Logger): Promise<DatabaseHandle> {
  const connection = { connectionString: url };
  const pool = createPool(connection, settings, logger);
  try {
    await checkServerVersion(pool);
  } catch (error) {
    await endPool(pool);
    throw error;
  }
  return { db: createKysely(pool), pool, connection, embedded: null, close: () => endPool(pool) };
}

async function openEmbedded(
  settings: DatabaseSettings,
  role: 'service' | 'command',
  logger: Logger,
): Promise<DatabaseHandle> {
  const held = await holdServer({ dataDir: settings.dataDir, role }, logger);
  const { socketDir, port } = held.server.current();
  const admin = createPool({ host: socketDir, port, user: SUPERUSER, database: 'postgres' }, { poolSize: 1 }, logger);
  const exists = await admin.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (exists.rowCount === 0) await admin.query(`create database ${DATABASE}`);
  await admin.end();
  const connection = { host: socketDir, port, user: SUPERUSER, database: DATABASE };
  const pool = createPool(connection, settings, logger);
  return {
    db: createKysely(pool),
    pool,
    connection,
    embedded: describe(settings.dataDir, held),
    async close() {
      await endPool(pool);
      await held.end();
    },
  };
}

function describe(dataDir: string, { server }: HeldServer): DatabaseHandle['embedded'] {
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
