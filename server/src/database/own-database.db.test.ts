import { expect, inject, it, onTestFinished } from 'vitest';
import { emptyTestDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { randomName } from '../../test/support/test-server.ts';
import { migrate } from './migrate.ts';
import { createPool } from './pool.ts';

const colliding = await emptyTestDatabase();
const versioned = await emptyTestDatabase();
const guarded = await emptyTestDatabase();

it.each([
  ['table of our names', colliding, 'create table accounts (id int)', 'accounts'],
  ['schema_migrations', versioned, 'create table schema_migrations (version text primary key)', 'schema_migrations'],
])('a database with a %s of another program is refused unchanged', async (_, { pool }, sql, table) => {
  await pool.query(sql);
  const message = new RegExp(`has a table ${table} of another program.*CREATE DATABASE tallyline`);
  await expect(migrate(pool, silentLogger)).rejects.toThrow(message);
  const { rows } = await pool.query(
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
  );
  expect(rows).toEqual([{ relname: table }]);
});

it('a role that may not make tables is told what to grant, and that suffices', async () => {
  const role = randomName(inject('testServer').prefix);
  await guarded.pool.query(`create role ${role} login`);
  const url = new URL(guarded.url);
  const database = url.pathname.slice(1);
  url.username = role;
  url.password = '';
  const pool = createPool({ connectionString: url.href }, { poolSize: 3 }, silentLogger);
  onTestFinished(async () => {
    await pool.end();
    await guarded.pool.query(
      `alter database ${database} owner to current_user; drop owned by ${role} cascade; drop role ${role}`,
    );
  });
  const error: unknown = await migrate(pool, silentLogger).catch((reason: unknown) => reason);
  const commands = /run (ALTER DATABASE .*;) and, in that database, (GRANT .*;)$/.exec(String(error));
  expect(String(error)).toContain(
    `The role ${role} may not make Tallyline's tables in the database ${database}: permission denied`,
  );
  await guarded.pool.query(`${commands?.[1]} ${commands?.[2]}`);
  expect((await migrate(pool, silentLogger)).applied.length).toBeGreaterThan(0);
});
