import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { indexCaptions } from '../services/captions/index-captions.ts';
import type { ReadPost } from './plan-account.ts';
import { planVideo } from './plan-video.ts';
import { isOfProfile, type TrackedVideo } from './tracked-video.ts';
import { type BookedReading, writeVideos } from './write-videos.ts';

/** Books what was read of a profile's posts for the videos that track them on their own, locked by `lockVideos`. */
export async function bookVideos(
  trx: Transaction<Database>,
  videos: readonly TrackedVideo[],
  posts: readonly ReadPost[],
  reading: BookedReading,
): Promise<void> {
  const byExternalId = new Map(posts.map((post) => [post.post.externalId, post]));
  const planned = videos.flatMap((video) => {
    const post = byExternalId.get(video.externalId);
    return post === undefined || !isOfProfile(video, reading.profileId) ? [] : [planVideo(video, post)];
  });
  await writeVideos(trx, planned, reading);
  const linked = planned.filter(({ video }) => video.postId === null);
  await indexCaptions(
    trx,
    reading.profileId,
    linked.map(({ post }) => post.postId),
  );
}

/**
 * What a feed shows is there, and belongs to the profile: posts tracked on their own that are of no profile yet are linked.
 * Answers the videos that the reading is for. Two feeds may show one post; all its videos follow the one that came first.
 */
export async function linkVideos(
  trx: Transaction<Database>,
  profileId: number,
  videos: readonly TrackedVideo[],
  posts: readonly ReadPost[],
): Promise<TrackedVideo[]> {
  const own = videos.filter((video) => isOfProfile(video, profileId));
  if (own.length === 0) return [];
  const tracked = new Set(own.map((video) => video.externalId));
  const rows = posts
    .filter(({ post }) => tracked.has(post.externalId))
    .map(({ post, postId }) => ({ external_id: post.externalId, post_id: postId }));
  const linked = await sql<{ external_id: string }>`
    update tracked_posts t set profile_id = ${profileId}, post_id = u.post_id,
      is_unavailable = false, not_found_count = 0, not_found_since = null
    from ${unnest(rows, { external_id: 'text', post_id: 'bigint' })}
    where t.platform = (select platform from profiles where profile_id = ${profileId}) and t.external_id = u.external_id
      and coalesce(t.profile_id, ${profileId}) = ${profileId}
    returning t.external_id`.execute(trx);
  const ids = new Set(linked.rows.map((row) => row.external_id));
  return own.filter((video) => ids.has(video.externalId));
}
