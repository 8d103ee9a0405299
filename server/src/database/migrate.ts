import { runMigrations as runWorkerMigrations, Logger as WorkerLogger } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import { DatabaseStartError, errorCode } from './errors.ts';
import { INSUFFICIENT_PRIVILEGE, notAllowedError, requireOwnDatabase } from './own-database.ts';
import { type MigrationFile, migrationsDirectory, readMigrations } from './migration-files.ts';

export interface MigrateOptions {
  /** Also apply migrations that programs of the version before can't live with. */
  allowBreaking?: boolean;
  directory?: string;
}

interface AppliedRow {
  version: number;
  name: string;
  checksum: string;
}

/** Brings the schema to what this program knows. Safe to run in several processes at once. */
export async function migrate(
  target: pg.Pool | { pool: pg.Pool },
  logger: Logger,
  options: MigrateOptions = {},
): Promise<{ applied: string[] }> {
  const pool = 'pool' in target ? target.pool : target;
  const files = await readMigrations(options.directory ?? migrationsDirectory);
  try {
    const applied = await withClient(pool, (client) => applyAll(client, files, options.allowBreaking ?? false, logger));
    await migrateWorker(pool, logger);
    await withClient(pool, ensureNearPartitions);
    return { applied };
  } catch (error) {
    throw errorCode(error) === INSUFFICIENT_PRIVILEGE ? await notAllowedError(pool, error) : error;
  }
}

async function applyAll(
  client: pg.PoolClient,
  files: MigrationFile[],
  allowBreaking: boolean,
  logger: Logger,
): Promise<string[]> {
  await inLockedTransaction(client, async () => {
    await requireOwnDatabase(client, files);
    await createTable(client);
  });
  const before = await readApplied(client);
  checkApplied(before, files);
  const pending = files.filter((file) => !before.some((row) => row.version === file.version));
  if (before.length > 0 && !allowBreaking) refuseBreaking(pending);
  const names: string[] = [];
  for (const file of pending) {
    const done = await inLockedTransaction(client, () => applyOne(client, file));
    if (!done) continue;
    names.push(file.name);
    logger.info({ migration: file.name }, 'database migration applied');
  }
  return names;
}

async function createTable(client: pg.PoolClient): Promise<void> {
  await client.query(`create table if not exists schema_migrations (
    version integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`);
}

// The row goes in first: a process that got past the advisory lock by any accident still collides here.
async function applyOne(client: pg.PoolClient, file: MigrationFile): Promise<boolean> {
  const inserted = await client.query(
    'insert into schema_migrations (version, name, checksum) values ($1, $2, $3) on conflict (version) do nothing',
    [file.version, file.name, file.checksum],
  );
  if (inserted.rowCount === 0) {
    checkApplied(await readApplied(client), [file], file.version);
    return false;
  }
  await client.query(file.sql);
  return true;
}

async function readApplied(client: pg.PoolClient): Promise<AppliedRow[]> {
  const result = await client.query<AppliedRow>(
    'select version, name, checksum from schema_migrations order by version',
  );
  return result.rows;
}

function checkApplied(applied: AppliedRow[], files: MigrationFile[], only?: number): void {
  for (const row of applied) {
    if (only !== undefined && row.version !== only) continue;
    const file = files.find((candidate) => candidate.version === row.version);
    if (file === undefined) {
      throw new DatabaseStartError(
        `The database is newer than this program: it has migration ${row.name}, this program knows up to ` +
          `${files.at(-1)?.name ?? 'none'}. Run the newer Tallyline, or restore a backup from before the upgrade.`,
      );
    }
    if (file.checksum !== row.checksum) {
      throw new DatabaseStartError(
        `Migration ${file.name} was changed after it was applied to this database (as ${row.name}). ` +
          'Applied migrations are never edited: restore the file and put the change into a new migration.',
      );
    }
  }
}

function refuseBreaking(pending: MigrationFile[]): void {
  const breaking = pending.find((file) => file.breaking);
  if (breaking === undefined) return;
  throw new DatabaseStartError(
    `Migration ${breaking.name} breaks Tallyline processes of the version before. Stop all of them, make a backup, ` +
      'then run `npx tallyline migrate --allow-breaking`.',
  );
}

async function migrateWorker(pool: pg.Pool, logger: Logger): Promise<void> {
  const workerLogger = new WorkerLogger(() => (level, message) => {
    if (level === 'error') logger.error(message);
    else if (level === 'warning') logger.warn(message);
    else logger.debug(message);
  });
  // graphile-worker takes a connection of its own from the pool, so the lock is held on another one.
  await withClient(pool, (client) =>
    inLockedTransaction(client, () => runWorkerMigrations({ pgPool: pool, logger: workerLogger })),
  );
}

async function ensureNearPartitions(client: pg.PoolClient): Promise<void> {
  await client.query(`select ensure_month_partitions(
    (date_trunc('month', now() at time zone 'UTC') - interval '1 month')::date,
    (date_trunc('month', now() at time zone 'UTC') + interval '3 months')::date)`);
}

async function inLockedTransaction<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    // Waiting for another process and rewriting a large table may both take longer than any query of the service.
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    await client.query("select pg_advisory_xact_lock(hashtext('tallyline.migrate'))");
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}
