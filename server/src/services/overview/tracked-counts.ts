import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { TrackedCounts } from '../../metrics/overview.ts';

/**
 * How much an organization tracked just before a moment: accounts that were not paused then, the posts found in the feeds of
 * accounts, and the posts tracked on their own, paused or not. What is deleted now does not count, and what had been deleted
 * then and was added again later does not either. `postsFound` are all that were found until then.
 */
export async function trackedCounts(
  db: Kysely<Database>,
  organizationId: string,
  before: Date,
  postsFound: number,
): Promise<TrackedCounts> {
  const wasOver = sql`z.started_at < ${before} and (z.ended_at is null or z.ended_at >= ${before})`;
  const { rows } = await sql<{ active_accounts: number; posts_away: number; tracked_videos: number }>`
    select
      (select count(*) from accounts a
        where a.organization_id = ${organizationId} and a.deleted_at is null and a.added_at < ${before}
          and not exists (select from account_pauses z
            where z.organization_id = a.organization_id and z.account_id = a.account_id and ${wasOver})
      ) as active_accounts,
      (select count(*) from account_pauses z
        join account_videos v on v.organization_id = z.organization_id and v.account_id = z.account_id
        where z.organization_id = ${organizationId} and z.reason = 'deleted' and ${wasOver}
          and not v.is_hidden and v.added_at < ${before}
      ) as posts_away,
      (select count(*) from videos v
        where v.organization_id = ${organizationId} and v.deleted_at is null and v.added_at < ${before}
          and not exists (select from video_pauses z
            where z.organization_id = v.organization_id and z.video_id = v.video_id and z.reason = 'deleted' and ${wasOver})
      ) as tracked_videos`.execute(db);
  const { active_accounts = 0, posts_away: away = 0, tracked_videos = 0 } = rows[0] ?? {};
  return { active_accounts, account_videos: postsFound - away, tracked_videos };
}
