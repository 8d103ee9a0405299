import { type Kysely, sql, type Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { bumpVersion } from '../services/versions.ts';
import type { Failure } from '../sources/source.ts';
import { type ClaimedPost, lockClaimedPost } from './claim-post.ts';
import { claimablePosts, type PostClaim } from './claimable.ts';
import { nextSightingAt } from './due.ts';
import { requireSameVideos } from './lock-to-record.ts';
import { writeFailure } from './record-failure.ts';
import { dueAfterFailure, judgeSighting } from './sighting.ts';
import { lockVideos, type TrackedVideo } from './tracked-video.ts';

/** Writes a refresh of a post that brought nothing: when to try again, and whether its videos count as unavailable now. */
export function recordPostFailure(
  db: Kysely<Database>,
  clock: Clock,
  claim: PostClaim,
  failure: Failure,
): Promise<Date | null> {
  return repeatable(db, async (trx) => {
    const videos = await lockVideos(trx, claim.platform, [claim.externalId]);
    const post = await lockClaimedPost(trx, claim);
    if (post === null) return null;
    await requireSameVideos(trx, claim, videos);
    const now = clock.now();
    // A post that a feed has shown was there, too.
    const seen = judgeSighting({ ...post, isRead: post.postId !== null }, failure.code, now);
    const dueAt = dueOf(post, failure, now);
    await writeFailure(trx, claimablePosts, claim, { failure, seen, now, dueAt });
    await markUnavailable(trx, videos, seen.isUnavailable, now);
    return dueAt;
  });
}

/** What no source may do is tried again at a slow pace: only the operator can change it. */
const dueOf = (post: ClaimedPost, failure: Failure, now: Date): Date | null =>
  failure.code === 'permission_missing' ? nextSightingAt(post, now) : dueAfterFailure(post, failure, now);

async function markUnavailable(
  trx: Transaction<Database>,
  videos: readonly TrackedVideo[],
  isUnavailable: boolean,
  now: Date,
): Promise<void> {
  const changed = videos.filter((video) => video.isUnavailable !== isUnavailable);
  if (changed.length === 0) return;
  await sql`
    update videos v set is_unavailable = ${isUnavailable}, updated_at = greatest(v.updated_at, ${now}::timestamptz)
    from unnest(${changed.map((v) => v.organizationId)}::uuid[], ${changed.map((v) => v.videoId)}::uuid[])
           as u(organization_id, video_id)
    where v.organization_id = u.organization_id and v.video_id = u.video_id`.execute(trx);
  await bumpVersion(
    trx,
    changed.map((video) => video.organizationId),
  );
}
