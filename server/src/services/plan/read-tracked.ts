import { sql } from 'kysely';
import type { PlannedPost, PlannedProfile } from '../../metrics/collection-plan.ts';
import type { Platform } from '../../sources/source.ts';
import { authorizeOperator } from '../authorize-admin.ts';
import type { OperatorContext } from '../organizations/create-organization.ts';

export interface Tracked {
  profiles: (PlannedProfile & { platform: Platform })[];
  /** Posts that are tracked on their own. */
  posts: (PlannedPost & { platform: Platform })[];
}

/**
 * What is collected now, over all organizations: profiles once, at the shortest interval of those who track them and as far back
 * as any of them looks; and posts tracked on their own. For the operator, who pays.
 */
export async function readTracked(ctx: OperatorContext): Promise<Tracked> {
  authorizeOperator(ctx);
  const now = ctx.clock.now();
  const profiles = await sql<Tracked['profiles'][number]>`
    select p.platform, p.interval_hours as "intervalHours", p.is_unavailable as "isUnavailable",
      case when p.read_at is not null or known.posts > 0 then greatest(p.post_count, known.posts) end as posts,
      case when reach.lookback_days is not null then known.recent end as "recentPosts", reach.max_posts as "maxPosts",
      (extract(epoch from ${now} - known.oldest) / 86400)::float8 as "oldestDays"
    from profiles p cross join lateral (
      select case when bool_and(max_posts is not null) then max(max_posts) end as max_posts,
        case when bool_and(lookback_days is not null) then max(lookback_days) end as lookback_days
      from (
        select coalesce(a.max_recent_posts_per_account, o.max_recent_posts_per_account) as max_posts,
          coalesce(a.post_lookback_days, o.post_lookback_days) as lookback_days
        from accounts a join organizations o using (organization_id)
        where a.profile_id = p.profile_id and a.is_active and a.deleted_at is null
      ) trackers
    ) reach cross join lateral (
      select count(*) as posts, count(*) filter (where is_recent) as recent,
        min(create_time) filter (where is_recent and (reach.max_posts is null or place <= reach.max_posts)) as oldest
      from (
        select create_time, row_number() over (order by create_time desc nulls first) as place,
          reach.lookback_days is null or create_time is null
            or create_time >= ${now}::timestamptz - make_interval(days => reach.lookback_days) as is_recent
        from posts s where s.profile_id = p.profile_id and not s.is_removed
      ) held
    ) known
    where p.interval_hours is not null`.execute(ctx.db);
  const posts = await sql<Tracked['posts'][number]>`
    select platform, interval_hours as "intervalHours", is_unavailable as "isUnavailable"
    from tracked_posts where interval_hours is not null`.execute(ctx.db);
  return { profiles: profiles.rows, posts: posts.rows };
}
