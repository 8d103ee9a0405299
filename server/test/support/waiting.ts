import { type Kysely, sql } from 'kysely';
import type { Database } from '../../src/database/tables.ts';

/** Resolves when `count` connections to the test's database wait for somebody else's lock; vitest's time-out is the bound. */
export async function untilWaiting(db: Kysely<Database>, count = 1): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if (rows.length >= count) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
