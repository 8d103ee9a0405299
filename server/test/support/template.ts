import pg from 'pg';
import { migrate } from '../../src/database/migrate.ts';
import { createPool } from '../../src/database/pool.ts';
import { silentLogger } from './logger.ts';
import { databaseUrl, randomName } from './test-server.ts';

const PREFIX = 'tallyline_test';

/** Databases of one run share its prefix; `guard` is a session that shows other runs that this one is alive. */
export interface TestRun {
  prefix: string;
  template: string;
  guard: pg.Client;
}

/** Removes databases of interrupted runs and makes the migrated database that every test file clones. */
export async function startTestRun(serverUrl: string): Promise<TestRun> {
  const guard = new pg.Client({ connectionString: serverUrl });
  await guard.connect();
  await dropLeftDatabases(guard);
  const prefix = randomName(PREFIX);
  await guard.query('select pg_advisory_lock(hashtext($1))', [prefix]);
  const template = `${prefix}_template`;
  await guard.query(`create database ${template} template template0 encoding 'UTF8'`);
  const pool = createPool({ connectionString: databaseUrl(serverUrl, template) }, {}, silentLogger);
  await migrate(pool, silentLogger);
  await pool.end();
  return { prefix, template, guard };
}

export async function endTestRun({ prefix, guard }: TestRun): Promise<void> {
  await dropDatabases(guard, prefix);
  await guard.end();
}

async function dropLeftDatabases(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ prefix: string }>(
    "select distinct substring(datname from '^tallyline_test_[0-9a-f]{12}') as prefix from pg_database where datname ~ '^tallyline_test_[0-9a-f]{12}'",
  );
  for (const { prefix } of rows) {
    const { rows: locks } = await client.query<{ free: boolean }>('select pg_try_advisory_lock(hashtext($1)) as free', [
      prefix,
    ]);
    if (locks[0]?.free !== true) continue;
    await dropDatabases(client, prefix);
    await client.query('select pg_advisory_unlock(hashtext($1))', [prefix]);
  }
}

async function dropDatabases(client: pg.Client, prefix: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [prefix],
  );
  for (const { name } of rows) await client.query(`drop database if exists ${name} with (force)`);
}
