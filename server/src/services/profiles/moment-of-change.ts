import { sql, type Transaction } from 'kysely';
import { RepeatError } from '../../database/retry.ts';
import type { Database } from '../../database/tables.ts';

/**
 * The time to write down for a change of who looks at these profiles: `now`, but after every reading that is booked
 * already. A request may have waited for a refresh that reads later than the request began; and clocks differ. So a reading
 * lies on the same side of the change in the books and when they are made anew. Holds the profiles, in a fixed order;
 * called after the account and video rows were locked.
 */
export async function momentOfChange(
  trx: Transaction<Database>,
  profileIds: readonly number[],
  now: Date,
): Promise<Date> {
  if (profileIds.length === 0) return now;
  const ids = sql`any(${[...profileIds]}::bigint[])`;
  const feeds = await sql<{ confirmed_at: Date | null }>`
    select confirmed_at from profiles where profile_id = ${ids} order by profile_id for no key update`.execute(trx);
  if (feeds.rows.length < new Set(profileIds).size) throw new RepeatError('a profile was merged into another one');
  // Posts that are tracked on their own are read without their profile. A statement of its own: it sees what was waited for.
  const posts = await sql<{ confirmed_at: Date | null }>`
    select max(p.confirmed_at) as confirmed_at from tracked_posts t join posts p using (profile_id, post_id)
    where t.profile_id = ${ids}`.execute(trx);
  const readings = [...feeds.rows, ...posts.rows].map((row) => row.confirmed_at?.getTime() ?? 0);
  return new Date(Math.max(now.getTime(), ...readings.map((readAt) => readAt + 1)));
}
