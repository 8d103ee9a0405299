import type pg from 'pg';
import { DatabaseStartError } from './errors.ts';
import type { MigrationFile } from './migration-files.ts';

export const INSUFFICIENT_PRIVILEGE = '42501';

const OUR_COLUMNS = ['version', 'name', 'checksum', 'applied_at'];

/** Refuses, before anything is made, a database where another program's tables have our names. */
export async function requireOwnDatabase(client: pg.PoolClient, files: readonly MigrationFile[]): Promise<void> {
  const columns = await columnsOf(client, 'schema_migrations');
  if (columns.length > 0) {
    if (OUR_COLUMNS.every((name) => columns.includes(name))) return;
    throw foreignError(await databaseName(client), 'schema_migrations');
  }
  const names = files.flatMap(({ sql }) => [...sql.matchAll(/^create table (\w+)/gim)].map((match) => match[1]));
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
    where relnamespace = to_regnamespace(current_schema()) and relname = any($1) order by relname limit 1`,
    [names],
  );
  if (rows[0] !== undefined) throw foreignError(await databaseName(client), rows[0].name);
}

/** Says what the role lacks and how it gets it. */
export async function notAllowedError(pool: pg.Pool, error: unknown): Promise<DatabaseStartError> {
  const { rows } = await pool.query<{ database: string; role: string }>(
    'select quote_ident(current_database()) as database, quote_ident(current_user) as role',
  );
  const { database, role } = rows[0] ?? { database: 'tallyline', role: 'tallyline' };
  const said = error instanceof Error ? error.message : String(error);
  return new DatabaseStartError(
    `The role ${role} may not make Tallyline's tables in the database ${database}: ${said}. As a superuser run ` +
      `ALTER DATABASE ${database} OWNER TO ${role}; and, in that database, GRANT ALL ON SCHEMA public TO ${role};`,
    { cause: error },
  );
}

function foreignError(database: string, table: string): DatabaseStartError {
  return new DatabaseStartError(
    `The database ${database} has a table ${table} of another program, and nothing was changed in it. Give Tallyline a database ` +
      "of its own: CREATE DATABASE tallyline ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0; and name it in TALLYLINE_DATABASE_URL.",
  );
}

async function columnsOf(client: pg.PoolClient, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select attname as name from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped',
    [table],
  );
  return rows.map(({ name }) => name);
}

async function databaseName(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  return rows[0]?.name ?? 'unknown';
}
