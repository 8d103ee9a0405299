import type pg from 'pg';
import { DatabaseStartError } from './errors.ts';

const OLDEST_VERSION = 150_000;

/** Refuses a server that is too old for our SQL. */
export async function checkServerVersion(pool: pg.Pool): Promise<void> {
  const result = await pool.query<{ number: number; name: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as name",
  );
  const version = result.rows[0];
  if (version !== undefined && version.number >= OLDEST_VERSION) return;
  throw new DatabaseStartError(
    `TALLYLINE_DATABASE_URL names a Postgres ${version?.name ?? '(unknown)'} server; Tallyline needs 15 to 18.`,
  );
}
