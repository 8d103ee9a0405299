import { type RawBuilder, sql } from 'kysely';

/**
 * Two accounts may look at one profile (under two handles, tracked before either was read; docs/adr/0015). Together they have seen
 * what either has, so for whoever sums them up their readings are pooled: each reading once, from the earlier start on.
 */

/** Whether another account of the organization, or of the creator, looks at the profile of account `a`, paused or not. */
export function hasTwin(among: 'organization' | 'creator'): RawBuilder<boolean> {
  return sql`exists (
    select from accounts e
    where e.organization_id = a.organization_id and e.profile_id = a.profile_id and e.deleted_at is null
      ${among === 'creator' ? sql`and e.creator_id = a.creator_id` : sql``} and e.account_id <> a.account_id)`;
}

/** The accounts of an organization that share a profile: few, and found at once rather than one by one. */
export function twinsOf(organizationId: string): RawBuilder<unknown> {
  return sql`
    select a.account_id from accounts a
    where a.organization_id = ${organizationId} and a.deleted_at is null and ${hasTwin('organization')}`;
}

/** Readings `r` made while account `a` was paused or deleted are another organization's. */
export const outsidePauses: RawBuilder<boolean> = sql`not exists (
  select from account_pauses z where z.organization_id = a.organization_id and z.account_id = a.account_id
    and r.read_at >= z.started_at and (z.ended_at is null or r.read_at < z.ended_at))`;

/** The same of one account. Named by its ids, so that its few pauses are looked up and not those of its organization. */
export const outsidePausesOf = ({ organizationId, accountId }: { organizationId: string; accountId: string }) =>
  sql<boolean>`not exists (
    select from account_pauses z where z.organization_id = ${organizationId} and z.account_id = ${accountId}
      and r.read_at >= z.started_at and (z.ended_at is null or r.read_at < z.ended_at))`;

/**
 * The followers of every profile that several accounts look at, of those accounts `a` that `whose` names: profile_id, day, the
 * level at the end of each day that gave one, the level before (followers_before), and the day's rise (followers_gained). The same
 * figures as `bookProfileRuns` makes of one account's readings. Nothing more is read where no profile has two.
 */
export function pooledLevels(whose: RawBuilder<unknown>): RawBuilder<unknown> {
  const lastDay = sql`case when r.read_at = p.read_at then p.confirmed_at else r.confirmed_at end`;
  return sql`
    select profile_id, day, followers, lag(followers) over earlier as followers_before,
      followers - coalesce(lag(followers) over earlier, first_followers) as followers_gained
    from (${sharedProfiles(whose)}) shared
    cross join lateral (
      select d.day::date as day, (array_agg(r.follower_count order by r.read_at desc))[1] as followers,
        (array_agg(r.follower_count order by r.read_at))[1] as first_followers
      from profiles p
      join profile_readings r on r.profile_id = p.profile_id
      cross join lateral generate_series(
        date_trunc('day', r.read_at at time zone 'UTC'), (${lastDay}) at time zone 'UTC', interval '1 day') as d(day)
      where p.profile_id = shared.profile_id and ${isPooled(whose)}
      group by 1
    ) levels
    window earlier as (partition by profile_id order by day)`;
}

/** The level of each of these profiles at the last reading that any of the accounts has seen. */
export function lastPooledLevels(whose: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select shared.profile_id, latest.followers from (${sharedProfiles(whose)}) shared
    cross join lateral (
      select r.follower_count as followers from profile_readings r
      where r.profile_id = shared.profile_id and ${isPooled(whose)}
      order by r.read_at desc limit 1
    ) latest`;
}

const sharedProfiles = (whose: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select a.profile_id from accounts a where ${whose} and a.deleted_at is null group by 1 having count(*) > 1`;

/** Whether reading `r` gave followers, and any of the accounts saw it. */
const isPooled = (whose: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  r.follower_count is not null and exists (
    select from accounts a where ${whose} and a.deleted_at is null and a.profile_id = shared.profile_id
      and r.read_at >= a.counted_from and ${outsidePauses})`;
