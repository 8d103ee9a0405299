import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { counterNames } from '../metrics/counters.ts';

const levelNames = ['follower_count', 'following_count', 'post_count'];

/** The last known levels of profile `p`, from those of its readings `r` that meet a condition. */
export function lastLevels(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql.join(
    levelNames.map(
      (name) => sql`(select r.${sql.id(name)} from profile_readings r
        where r.profile_id = p.profile_id and r.${sql.id(name)} is not null and ${condition} order by r.read_at desc limit 1)`,
    ),
  );
}

const lastCounters = sql.join(
  counterNames.map(
    (name) => sql`(select r.${sql.id(name)} from post_readings r where r.profile_id = p.profile_id
      and r.post_id = p.post_id and r.${sql.id(name)} is not null order by r.read_at desc limit 1)`,
  ),
);

/** A bit per column that the reading `r` did not give. */
const unreadOf = (names: readonly string[]): RawBuilder<unknown> =>
  sql.raw(names.map((name, i) => `(case when r.${name} is null then ${2 ** i} else 0 end)`).join(' + '));

/** `unread` of a post and of a profile, as the reading `r` that began its open run says it. */
export const unreadOfPost: RawBuilder<unknown> = unreadOf(counterNames);
export const unreadOfProfile: RawBuilder<unknown> = unreadOf(levelNames);

/**
 * Makes the last known counters of posts and levels of profiles anew from their readings: what the next reading is compared
 * with. Rows that agree are left alone.
 */
export async function rebuildFacts(db: Kysely<Database>): Promise<void> {
  const counters = sql.raw(counterNames.map((name) => `p.${name}`).join(', '));
  await sql`
    update posts p set (${sql.raw(counterNames.join(', '))}) = (select ${lastCounters})
    where p.read_at is not null and (${counters}) is distinct from (${lastCounters})`.execute(db);
  await sql`
    update posts p set unread = ${unreadOfPost} from post_readings r
    where r.profile_id = p.profile_id and r.post_id = p.post_id and r.read_at = p.read_at
      and p.unread <> ${unreadOfPost}`.execute(db);
  await sql`
    update profiles p set (follower_count, following_count, post_count) = (select ${lastLevels(sql`true`)})
    where p.read_at is not null and (p.follower_count, p.following_count, p.post_count) is distinct from (${lastLevels(sql`true`)})`.execute(
    db,
  );
  await sql`
    update profiles p set unread = ${unreadOfProfile} from profile_readings r
    where r.profile_id = p.profile_id and r.read_at = p.read_at and p.unread <> ${unreadOfProfile}`.execute(db);
  await sql`
    delete from account_days d where not exists (
      select from accounts a where a.organization_id = d.organization_id and a.account_id = d.account_id)`.execute(db);
  await sql`
    delete from video_days d where not exists (
      select from videos v where v.organization_id = d.organization_id and v.video_id = d.video_id)`.execute(db);
}
