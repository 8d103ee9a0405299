import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { fellReason } from './reasons.ts';

const defaultDays = 90;
/** A fall is believed at its third reading, and an account may be read once in 30 days. */
const fallsKeptDays = 90;
const batchSize = 5_000;
const dayMs = 86_400_000;

/** Forgets what was refused longer ago than it is kept. Answers how many went. */
export async function purgeRefusedReadings(db: Kysely<Database>, now: Date, days = defaultDays): Promise<number> {
  const keptSince = new Date(now.getTime() - days * dayMs);
  const fallsSince = new Date(now.getTime() - Math.max(days, fallsKeptDays) * dayMs);
  let purged = 0;
  for (;;) {
    const { rows } = await sql`
      delete from refused_readings where (profile_id, refusal_id) in (
        select profile_id, refusal_id from refused_readings
        where kept_at < ${keptSince} and (reason <> ${fellReason} or kept_at < ${fallsSince})
        order by kept_at limit ${batchSize})
      returning 1`.execute(db);
    purged += rows.length;
    if (rows.length < batchSize) return purged;
  }
}
