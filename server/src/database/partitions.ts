import { type Kysely, sql } from 'kysely';
import type { Database } from './tables.ts';

/** Makes the monthly partitions that hold every day of [fromDay, toDay] ('YYYY-MM-DD'). Returns how many were missing. */
export async function ensurePartitions(db: Kysely<Database>, fromDay: string, toDay: string): Promise<number> {
  const result = await sql<{ made: number }>`
    select ensure_month_partitions(${fromDay}::date, ${toDay}::date) as made`.execute(db);
  return result.rows[0]?.made ?? 0;
}
