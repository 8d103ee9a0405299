import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';

/**
 * The time to write down for a change of who looks at these profiles: `now`, but after every reading that is booked
 * already. A request may have waited for a refresh that reads later than the request began; and clocks differ. So a reading
 * lies on the same side of the change in the books and when they are made anew. Holds the profiles, in a fixed order;
 * called after the account rows were locked.
 */
export async function momentOfChange(
  trx: Transaction<Database>,
  profileIds: readonly number[],
  now: Date,
): Promise<Date> {
  const { rows } = await sql<{ confirmed_at: Date | null }>`
    select confirmed_at from profiles where profile_id = any(${[...profileIds]}::bigint[])
    order by profile_id for no key update`.execute(trx);
  const lastRead = Math.max(...rows.map((row) => row.confirmed_at?.getTime() ?? 0), 0);
  return new Date(Math.max(now.getTime(), lastRead + 1));
}
