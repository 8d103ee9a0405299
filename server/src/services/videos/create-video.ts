import { sql, type Transaction } from 'kysely';
import { conflict } from '../../contract/problem.ts';
import { newId } from '../../database/ids.ts';
import type { Database } from '../../database/tables.ts';
import { wholeSecond } from '../../metrics/runs.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { indexCaptions } from '../captions/index-captions.ts';
import type { Context } from '../context.ts';
import { jsonOrNull } from '../json.ts';
import { openPauses } from '../pauses.ts';
import { ensureTrackedPost } from '../posts/ensure-tracked-post.ts';
import { findPost } from '../posts/find-post.ts';
import { retrackPost } from '../posts/retrack-post.ts';
import { momentOfChange } from '../profiles/moment-of-change.ts';
import { retentionStart } from '../retention.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { type NewVideo, type ParsedVideo, parseNewVideo } from './parse-video.ts';
import { lockDeletedVideo, type Place, reviveVideo } from './revive-video.ts';
import { findVideo, type VideoRecord } from './video-record.ts';

/** Begins to track a post on its own, at once. A record deleted not long ago comes back with its history. */
export async function createVideo(ctx: Context, input: NewVideo): Promise<VideoRecord> {
  authorize(ctx, 'write');
  const wanted = parseNewVideo(input);
  return inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const askedAt = ctx.clock.now();
    await refuseDuplicate(trx, organizationId, wanted);
    const keptSince = retentionStart(askedAt, ctx.retentionDays);
    const deletedId = await lockDeletedVideo(trx, organizationId, wanted, keptSince);
    const known = await findPost(trx, organizationId, wanted);
    const now = await momentOfChange(trx, known === null ? [] : [known.profileId], askedAt);
    const place = { organizationId, known, now };
    if (deletedId !== null) await reviveVideo(trx, deletedId, place, wanted);
    const videoId = deletedId ?? (await insertVideo(trx, place, wanted));
    if (known !== null) await indexCaptions(trx, known.profileId, [known.postId]);
    if (!wanted.isActive) await openPauses(trx, { holder: 'video', organizationId, ids: [videoId], now }, 'paused');
    await ensureTrackedPost(trx, wanted, known, now);
    await retrackPost(trx, { ...wanted, profileId: known?.profileId ?? null }, now, { refreshNow: wanted.isActive });
    const detail = { platform: wanted.platform, external_id: wanted.externalId, revived: deletedId !== null };
    await audit(trx, ctx, { action: 'video.create', subjectType: 'video', subjectId: videoId, detail });
    await bumpVersion(trx, [organizationId, ...(await othersWhoSeeAuthor(trx, wanted))]);
    const video = await findVideo(trx, organizationId, videoId);
    if (video === null) throw new Error(`video ${videoId} vanished while it was created`);
    return video;
  });
}

/** Until a post is found, its author is who an address names: for everybody who tracks it, however they named it. */
async function othersWhoSeeAuthor(
  trx: Transaction<Database>,
  { platform, externalId, authorUsername }: ParsedVideo,
): Promise<string[]> {
  if (authorUsername === null) return [];
  const others = await trx
    .selectFrom('videos')
    .select('organization_id')
    .where('platform', '=', platform)
    .where('external_id', '=', externalId)
    .where('profile_id', 'is', null)
    .where('deleted_at', 'is', null)
    .execute();
  return others.map((video) => video.organization_id);
}

async function refuseDuplicate(
  trx: Transaction<Database>,
  organizationId: string,
  { platform, externalId }: ParsedVideo,
): Promise<void> {
  const tracked = await trx
    .selectFrom('videos')
    .select('video_id')
    .where('organization_id', '=', organizationId)
    .where('platform', '=', platform)
    .where('external_id', '=', externalId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (tracked !== undefined) throw alreadyTracked({ platform, externalId });
}

async function insertVideo(
  trx: Transaction<Database>,
  { organizationId, known, now }: Place,
  wanted: ParsedVideo,
): Promise<string> {
  const { platform, externalId, shortcode, metadata, isActive, scrapeIntervalHours } = wanted;
  // Whole seconds, like the times of posts that it is compared with and the times that clients see.
  const addedAt = wholeSecond(now);
  const { rows } = await sql<{ video_id: string }>`
    insert into videos (organization_id, video_id, project_id, platform, external_id, shortcode, profile_id, post_id,
      create_time, media_type, metadata, is_active, scrape_interval_hours, added_at, counted_from, updated_at)
    select o.organization_id, ${newId()}::uuid, o.project_id, ${platform}, ${externalId}, ${shortcode},
      p.profile_id, p.post_id, p.create_time, p.media_type, ${jsonOrNull(metadata)}::jsonb, ${isActive}::boolean,
      ${scrapeIntervalHours}::integer, ${addedAt}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
    from projects o left join posts p on p.profile_id = ${known?.profileId ?? null} and p.post_id = ${known?.postId ?? null}
    where o.organization_id = ${organizationId} and o.is_default
    on conflict (organization_id, platform, external_id) where deleted_at is null do nothing
    returning video_id`.execute(trx);
  if (rows[0] === undefined) throw alreadyTracked(wanted);
  return rows[0].video_id;
}

function alreadyTracked({ platform, externalId }: Pick<ParsedVideo, 'platform' | 'externalId'>) {
  return conflict(`The ${platform} post ${externalId} is tracked already.`);
}
