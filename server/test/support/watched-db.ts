import { Kysely, type LogEvent, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import { errorCode } from '../../src/database/errors.ts';
import type { Database } from '../../src/database/tables.ts';

/** The test's database, and the codes of whatever Postgres refuses: also deadlocks, after which a transaction is repeated unseen. */
export function watchedDb(pool: Pool): { db: Kysely<Database>; failures: (string | null)[] } {
  const failures: (string | null)[] = [];
  const log = (event: LogEvent): void => {
    if (event.level === 'error') failures.push(errorCode(event.error));
  };
  return { db: new Kysely<Database>({ dialect: new PostgresDialect({ pool }), log }), failures };
}
