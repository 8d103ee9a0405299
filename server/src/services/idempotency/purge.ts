import type { Kysely } from 'kysely';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../database/tables.ts';
import { forgottenBefore } from './records.ts';

/** Deletes what is past its 24 hours, abandoned marks too. Returns how many records went. */
export async function purgeIdempotencyRecords(deps: { db: Kysely<Database>; clock: Clock }): Promise<number> {
  const { numDeletedRows } = await deps.db
    .deleteFrom('idempotency_records')
    .where('claimed_at', '<=', forgottenBefore(deps.clock.now()))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
