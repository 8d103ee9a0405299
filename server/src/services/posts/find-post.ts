import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Platform } from '../../sources/source.ts';

/** The fact that a post is. */
export interface KnownPost {
  profileId: number;
  postId: number;
}

export interface SoughtPost {
  platform: Platform;
  externalId: string;
  authorUsername: string | null;
}

/**
 * The post, if it was seen before: tracked on its own by anybody, in a feed of this organization, or in the feed of the
 * author that its address names. A post that only other organizations' feeds have shown, named by its id, is found by its
 * first refresh.
 */
export async function findPost(
  trx: Transaction<Database>,
  organizationId: string,
  { platform, externalId, authorUsername }: SoughtPost,
): Promise<KnownPost | null> {
  const { rows } = await sql<{ profile_id: number; post_id: number }>`
    select profile_id, post_id from (
    (select 1 as rank, profile_id, post_id from tracked_posts
      where platform = ${platform} and external_id = ${externalId} and post_id is not null)
    union all
    (select 2, profile_id, post_id from account_videos
      where organization_id = ${organizationId} and external_id = ${externalId} and platform = ${platform})
    union all
    (select 3, p.profile_id, p.post_id from profile_handles h join posts p on p.profile_id = h.profile_id
      where h.platform = ${platform} and h.username = ${authorUsername} and p.external_id = ${externalId})
    ) found order by rank limit 1`.execute(trx);
  const [row] = rows;
  return row === undefined ? null : { profileId: row.profile_id, postId: row.post_id };
}
