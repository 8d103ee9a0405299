import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { TrackedCounts } from '../../metrics/overview.ts';

/**
 * How much an organization tracked before a moment: accounts that were not paused then, the posts found in their feeds and in
 * those of paused ones, and the posts tracked on their own, paused or not. What is deleted now does not count; what had been
 * deleted then and was added again later does not either.
 */
export async function trackedCounts(
  db: Kysely<Database>,
  organizationId: string,
  before: Date,
): Promise<TrackedCounts> {
  const { rows } = await sql<TrackedCounts>`
    select
      (select count(*) from accounts a
        where a.organization_id = ${organizationId} and a.deleted_at is null and a.added_at < ${before}
          and not exists (select from account_pauses z where z.organization_id = a.organization_id
            and z.account_id = a.account_id and z.started_at < ${before} and (z.ended_at is null or z.ended_at >= ${before}))
      ) as active_accounts,
      (select count(*) from account_videos v
        where v.organization_id = ${organizationId} and not v.is_hidden and v.added_at < ${before}
          and not exists (select from account_pauses z where z.organization_id = v.organization_id
            and z.account_id = v.account_id and z.reason = 'deleted' and z.started_at < ${before} and (z.ended_at is null or z.ended_at >= ${before}))
      ) as account_videos,
      (select count(*) from videos v
        where v.organization_id = ${organizationId} and v.deleted_at is null and v.added_at < ${before}
          and not exists (select from video_pauses z where z.organization_id = v.organization_id
            and z.video_id = v.video_id and z.reason = 'deleted' and z.started_at < ${before} and (z.ended_at is null or z.ended_at >= ${before}))
      ) as tracked_videos`.execute(db);
  return rows[0] ?? { active_accounts: 0, account_videos: 0, tracked_videos: 0 };
}
