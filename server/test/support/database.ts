import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { type Connection, createKysely, createPool } from '../../src/database/pool.ts';
import type { Database } from '../../src/database/tables.ts';
import { silentLogger } from './logger.ts';
import { databaseUrl, randomName } from './test-server.ts';

const CLOSING_TIMEOUT_MS = 3_000;
const CLOSING_POLL_MS = 20;

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: { url: string; prefix: string; template: string };
  }
}

export interface TestDatabase {
  db: Kysely<Database>;
  pool: pg.Pool;
  url: string;
  connection: Connection;
}

/**
 * A migrated, empty database of the calling test file's own. Call it at the top of the file:
 * `const { db } = await testDatabase();`. It is dropped after the file's last test, which fails when connections were left open.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { template } = inject('testServer');
  return openDatabaseFrom(template);
}

/** Like testDatabase, but without any table of ours. */
export async function emptyTestDatabase(): Promise<TestDatabase> {
  return openDatabaseFrom('template0');
}

async function openDatabaseFrom(template: string): Promise<TestDatabase> {
  const server = inject('testServer');
  const name = randomName(server.prefix);
  await asAdmin((admin) => admin.query(`create database ${name} template ${template} encoding 'UTF8'`));
  const url = databaseUrl(server.url, name);
  const connection = { connectionString: url };
  const pool = createPool(connection, { applicationName: 'test' }, silentLogger);
  afterAll(async () => {
    if (!pool.ending) await pool.end();
    await asAdmin((admin) => dropUnlessInUse(admin, name));
  });
  return { db: createKysely(pool), pool, url, connection };
}

async function dropUnlessInUse(admin: pg.Client, name: string): Promise<void> {
  let left = await connectionsTo(admin, name);
  // pool.end() resolves before its connections are closed.
  const deadlineMs = Date.now() + CLOSING_TIMEOUT_MS;
  while (left.length > 0 && Date.now() < deadlineMs) {
    await delay(CLOSING_POLL_MS);
    left = await connectionsTo(admin, name);
  }
  await admin.query(`drop database ${name} with (force)`);
  if (left.length > 0) throw new Error(`${left.length} database connections were left open: ${left.join('; ')}`);
}

async function connectionsTo(admin: pg.Client, name: string): Promise<string[]> {
  const { rows } = await admin.query<{ connection: string }>(
    `select application_name || ': ' || query as connection from pg_stat_activity
    where datname = $1 and backend_type = 'client backend'`,
    [name],
  );
  return rows.map(({ connection }) => connection);
}

async function asAdmin(work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('testServer').url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
