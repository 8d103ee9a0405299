import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { lastLevels, unreadOfPost, unreadOfProfile } from '../rebuild-facts.ts';
import { counterFields } from './fields.ts';
import type { Named } from './tracked-account.ts';
import { isOf } from './write-readings.ts';

// A counter that the last reading does not give is the last one that any gave. Imports have no others than these.
const counters = sql.raw(
  counterFields
    .map(
      (name) => `${name} = coalesce(r.${name}, (select e.${name} from post_readings e
        where e.profile_id = p.profile_id and e.post_id = p.post_id and e.${name} is not null order by e.read_at desc limit 1))`,
    )
    .join(', '),
);

/** Posts and profile have the last known counters and the open run of their readings again, now that there are more of them. */
export async function keepLastReadings(trx: Transaction<Database>, profileId: number, named: Named): Promise<void> {
  await sql`
    update posts p set ${counters}, unread = ${unreadOfPost}, precision = r.precision, source = r.source,
      read_at = r.read_at, confirmed_at = r.confirmed_at, first_seen_at = least(p.first_seen_at, u.first_read_at),
      updated_at = greatest(p.updated_at, r.read_at)
    from (
      select s.external_id, min(s.read_at) as first_read_at, max(s.read_at) as last_read_at
      from import_rows s where ${isOf(named)} and s.external_id is not null group by 1
    ) u, post_readings r
    where p.profile_id = ${profileId} and p.external_id = u.external_id and r.profile_id = ${profileId}
      and r.post_id = p.post_id and r.read_at = greatest(p.read_at, u.last_read_at)`.execute(trx);
  await sql`
    update profiles p set (follower_count, following_count, post_count) = (select ${lastLevels(sql`true`)}),
      unread = ${unreadOfProfile}, precision = r.precision, source = r.source, read_at = r.read_at, confirmed_at = r.confirmed_at
    from (
      select max(s.read_at) as last_read_at from import_rows s where ${isOf(named)} and s.external_id is null
    ) u, profile_readings r
    where p.profile_id = ${profileId} and r.profile_id = ${profileId} and r.read_at = greatest(p.read_at, u.last_read_at)
      and u.last_read_at is not null`.execute(trx);
}
