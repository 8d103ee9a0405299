import { type Kysely, sql, type Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import { RepeatError, repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { bumpHolders, bumpVersion } from '../services/versions.ts';
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
    const profileId = await lockProfileOf(trx, claim);
    const post = await lockClaimedPost(trx, claim);
    if (post === null) return null;
    if (post.profileId !== profileId) throw new RepeatError('whose post it is has become known meanwhile');
    await requireSameVideos(trx, claim, videos);
    const now = clock.now();
    // A post that a feed has shown was there, too.
    const seen = judgeSighting({ ...post, isRead: post.postId !== null }, failure.code, now);
    const dueAt = dueOf(post, failure, now);
    await writeFailure(trx, claimablePosts, claim, { failure, seen, now, dueAt });
    await markUnavailable(trx, videos, seen.isUnavailable, now);
    if (seen.isUnavailable) await markRemoved(trx, post, seen.notFoundSince ?? now, now);
    return dueAt;
  });
}

/** The profile that the post was found at, held before the tracked post as everybody locks them; null: it was not found yet. */
async function lockProfileOf(trx: Transaction<Database>, { platform, externalId }: PostClaim): Promise<number | null> {
  const { rows } = await sql<{ profile_id: number }>`
    select profile_id from profiles where profile_id = (
      select profile_id from tracked_posts where platform = ${platform} and external_id = ${externalId})
    for no key update`.execute(trx);
  return rows[0]?.profile_id ?? null;
}

/** For everybody who holds the post, in a feed or on its own. What was read since it was first missed, in a feed, is there. */
async function markRemoved(
  trx: Transaction<Database>,
  { profileId, postId }: ClaimedPost,
  missedSince: Date,
  now: Date,
): Promise<void> {
  if (profileId === null || postId === null) return;
  const { numAffectedRows = 0n } = await sql`
    update posts set is_removed = true, updated_at = greatest(updated_at, ${now}::timestamptz)
    where profile_id = ${profileId} and post_id = ${postId} and not is_removed
      and (confirmed_at is null or confirmed_at < ${missedSince}::timestamptz)`.execute(trx);
  if (numAffectedRows > 0n) await bumpHolders(trx, profileId);
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
