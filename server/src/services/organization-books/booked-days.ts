import { type RawBuilder, sql } from 'kysely';
import type { Day } from '../../metrics/days.ts';
import { pooledLevels, twinsOf } from '../accounts/profile-twins.ts';

/** The figures of an organization's day that are kept with the number of accounts and videos that gave them. */
export const bookedFigures = ['views', 'plays', 'likes', 'comments', 'shares', 'saves', 'step'] as const;

/** The columns of organization_days that hold sums, in the order in which `bookedDays` selects them after the day. */
export const bookedColumns: readonly string[] = [
  'holders_read',
  'posts_found',
  ...bookedFigures.flatMap((name) => [name, `${name}_known`]),
];

/** Whose days: all of the organization's, those of the accounts of a profile, or those of a post tracked on its own. */
export type Booked = 'all' | { profileId: number } | { videoId: string };

/** Days after `after` up to `to`, both optional. */
export interface BookedSpan {
  after?: Day | null;
  to?: Day | null;
}

/**
 * THE definition of an organization's days: what its accounts and the posts tracked on their own gained, corrected for posts that
 * are held more than once. A row per day, the day first and then `bookedColumns`. What was deleted is not in it.
 */
export function bookedDays(organizationId: string, which: Booked, span: BookedSpan): RawBuilder<unknown> {
  const sums = sql.raw(
    bookedFigures
      .map(
        (name) =>
          `coalesce(sum(${name}), 0)::bigint as ${name}, (count(${name}) ${knownBy(name)})::integer as ${name}_known`,
      )
      .join(', '),
  );
  const figures = sql.raw(bookedFigures.join(', '));
  const parts = partsOf(organizationId, which, span);
  return sql`
    select day, (count(*) filter (where is_held))::integer as holders_read, sum(found)::integer as posts_found, ${sums}
    from (${sql.join(parts, sql` union all `)}) booked (day, is_held, found, ${figures}) group by day`;
}

/** A correction makes nothing known. Followers are nobody's correction. */
const knownBy = (name: string): string => (name === 'step' ? '' : 'filter (where is_held)');

function partsOf(organizationId: string, which: Booked, span: BookedSpan): RawBuilder<unknown>[] {
  if (which === 'all') {
    const parts = [accountDays, pooledSteps, videoDays, sharedPostDays, postsFound];
    return parts.map((part) => part(organizationId, sql`true`, span));
  }
  if ('videoId' in which) return [videoDays(organizationId, sql`v.video_id = ${which.videoId}`, span)];
  const ofProfile = sql`a.profile_id = ${which.profileId}`;
  return [accountDays, pooledSteps, postsFound].map((part) => part(organizationId, ofProfile, span));
}

type Part = (organizationId: string, condition: RawBuilder<unknown>, span: BookedSpan) => RawBuilder<unknown>;

const within = (day: 'd.day', { after = null, to = null }: BookedSpan): RawBuilder<unknown> => sql`
  ${after === null ? sql`true` : sql`${sql.raw(day)} > ${after}::date`}
  and ${to === null ? sql`true` : sql`${sql.raw(day)} <= ${to}::date`}`;

const accountDays: Part = (organizationId, condition, span) => sql`
  select d.day, true, 0, d.views, d.plays, d.likes, d.comments, d.shares,
    case when a.platform = 'instagram' then d.saves end,
    case when a.account_id not in (${twinsOf(organizationId)}) then d.followers - coalesce(d.followers_before, 0) end
  from accounts a join account_days d on d.organization_id = a.organization_id and d.account_id = a.account_id
  where a.organization_id = ${organizationId} and d.organization_id = ${organizationId} and a.deleted_at is null
    and ${condition} and ${within('d.day', span)}`;

/** In place of what the accounts of one profile have seen of its followers, each for itself. */
const pooledSteps: Part = (organizationId, condition, span) => sql`
  select d.day, false, 0, null, null, null, null, null, null, d.followers - coalesce(d.followers_before, 0)
  from (${pooledLevels(sql`a.organization_id = ${organizationId} and ${condition}`)}) d where ${within('d.day', span)}`;

const videoDays: Part = (organizationId, condition, span) => sql`
  select d.day, true, 0, d.views, d.plays, d.likes, d.comments, d.shares, case when v.platform = 'instagram' then d.saves end, null::bigint
  from videos v join video_days d on d.organization_id = v.organization_id and d.video_id = v.video_id
  where v.organization_id = ${organizationId} and d.organization_id = ${organizationId} and v.deleted_at is null
    and ${condition} and ${within('d.day', span)}`;

const sharedPostDays: Part = (organizationId, condition, span) => sql`
  select d.day, false, 0, d.views, d.plays, d.likes, d.comments, d.shares, d.saves, null::bigint
  from shared_post_days d where d.organization_id = ${organizationId} and ${condition} and ${within('d.day', span)}`;

/** By the moment at which a post was found, so that an index finds the last days'. */
const postsFound: Part = (organizationId, condition, { after = null, to = null }) => sql`
  select (v.added_at at time zone 'UTC')::date, false, count(*), null, null, null, null, null, null, null::bigint
  from account_videos v join accounts a on a.organization_id = v.organization_id and a.account_id = v.account_id
  where v.organization_id = ${organizationId} and not v.is_hidden and a.deleted_at is null and ${condition}
    and ${after === null ? sql`true` : sql`v.added_at >= (${after}::date + 1)::timestamp at time zone 'UTC'`}
    and ${to === null ? sql`true` : sql`v.added_at < (${to}::date + 1)::timestamp at time zone 'UTC'`}
  group by 1`;
