import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from 'kysely';
import { notFound } from '../../contract/problem.ts';
import type { Database } from '../../database/tables.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { indexCaptions } from '../captions/index-captions.ts';
import type { Context } from '../context.ts';
import { jsonOrNull } from '../json.ts';
import { parseIds } from '../parse-ids.ts';
import { closePauses, openPauses } from '../pauses.ts';
import { ensureTrackedPost } from '../posts/ensure-tracked-post.ts';
import { findPost, type KnownPost } from '../posts/find-post.ts';
import { retrackPost } from '../posts/retrack-post.ts';
import { momentOfChange } from '../profiles/moment-of-change.ts';
import { isOverdue } from '../schedule.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { type LockedVideo, lockVideo } from './lock-video.ts';
import { parseVideoChanges, type VideoChanges } from './parse-video.ts';
import { takeFacts } from './take-facts.ts';
import { findVideo, type VideoRecord } from './video-record.ts';

export async function updateVideo(
  ctx: Context,
  input: { videoId: string; changes: VideoChanges },
): Promise<VideoRecord> {
  authorize(ctx, 'write');
  const { videoId } = parseIds({ videoId: input.videoId });
  const changes = parseVideoChanges(input.changes);
  return inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const { video, linkedNow } = await lockForUpdate(trx, organizationId, videoId, changes);
    const now = await momentOfChange(trx, video.profile_id === null ? [] : [video.profile_id], ctx.clock.now());
    await trx
      .updateTable('videos')
      .set({ ...columnsOf(video, changes, now), ...(linkedNow && { counted_from: now }) })
      .where('organization_id', '=', organizationId)
      .where('video_id', '=', videoId)
      .execute();
    if (linkedNow) await link(trx, video, linkedNow, now);
    const { profile_id: profileId, post_id: postId } = video;
    if (profileId !== null && postId !== null) await indexCaptions(trx, profileId, [postId]);
    await followActivity(trx, video, changes, now);
    const detail = { changed: Object.keys(changes) };
    await audit(trx, ctx, { action: 'video.update', subjectType: 'video', subjectId: videoId, detail });
    await bumpVersion(trx, [organizationId]);
    const updated = await findVideo(trx, organizationId, videoId);
    if (updated === null) throw notFound('video');
    return updated;
  });
}

/**
 * The video, and when it is resumed the post that it is: others may have found it meanwhile. What they have read of it is
 * not the video's own, so its readings begin where it is linked.
 */
async function lockForUpdate(
  trx: Transaction<Database>,
  organizationId: string,
  videoId: string,
  changes: VideoChanges,
): Promise<{ video: LockedVideo; linkedNow: KnownPost | null }> {
  const video = await lockVideo(trx, organizationId, videoId);
  if (video === null) throw notFound('video');
  const isResumed = changes.is_active === true && !video.is_active;
  if (video.post_id !== null || !isResumed) return { video, linkedNow: null };
  const { platform, external_id: externalId } = video;
  const known = await findPost(trx, organizationId, { platform, externalId, authorUsername: null });
  if (known === null) return { video, linkedNow: null };
  return { video: { ...video, profile_id: known.profileId, post_id: known.postId }, linkedNow: known };
}

/** All videos of a post are the same one: what the tracked post says is what every refresh books them by. */
async function link(trx: Transaction<Database>, video: LockedVideo, known: KnownPost, now: Date): Promise<void> {
  const { platform, external_id: externalId, shortcode } = video;
  await takeFacts(trx, video.organization_id, video.video_id);
  await ensureTrackedPost(trx, { platform, externalId, shortcode, authorUsername: null }, known, now);
}

function columnsOf(video: LockedVideo, changes: VideoChanges, now: Date) {
  const { is_active: isActive, scrape_interval_hours: intervalHours, metadata } = changes;
  const wanted = {
    is_active: isActive ?? video.is_active,
    scrape_interval_hours: intervalHours ?? video.scrape_interval_hours,
    metadata: metadata === undefined ? video.metadata : metadata,
  };
  const { is_active, scrape_interval_hours, metadata: shown } = video;
  const isChanged = !isDeepStrictEqual(wanted, { is_active, scrape_interval_hours, metadata: shown });
  return {
    ...wanted,
    metadata: jsonOrNull(wanted.metadata),
    profile_id: video.profile_id,
    post_id: video.post_id,
    updated_at: isChanged ? now : video.updated_at,
  };
}

/** Keeps the pauses and the post's schedule in line with the video. */
async function followActivity(
  trx: Transaction<Database>,
  video: LockedVideo,
  changes: VideoChanges,
  now: Date,
): Promise<void> {
  const isActive = changes.is_active ?? video.is_active;
  const isChanged = isActive !== video.is_active;
  const intervalHours = changes.scrape_interval_hours ?? video.scrape_interval_hours;
  const pause = { holder: 'video', organizationId: video.organization_id, ids: [video.video_id], now } as const;
  if (isChanged && isActive) await closePauses(trx, pause);
  if (isChanged && !isActive) await openPauses(trx, pause, 'paused');
  if (!isChanged && intervalHours === video.scrape_interval_hours) return;
  const refreshNow = isChanged && isActive && isOverdue(video, intervalHours, now);
  const post = { platform: video.platform, externalId: video.external_id, profileId: video.profile_id };
  await retrackPost(trx, post, now, { refreshNow, breaksRun: isChanged });
}
