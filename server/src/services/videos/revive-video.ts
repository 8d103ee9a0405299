import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { jsonOrNull } from '../json.ts';
import { changeBooks } from '../organization-books/change-books.ts';
import { closePauses } from '../pauses.ts';
import type { KnownPost } from '../posts/find-post.ts';
import { rebookSharedPosts } from '../shared-posts/rebook-shared-posts.ts';
import type { ParsedVideo } from './parse-video.ts';
import { takeFacts } from './take-facts.ts';

/** Where a video belongs, and since when; `known` is the post, if it was seen before. */
export interface Place {
  organizationId: string;
  known: KnownPost | null;
  now: Date;
}

/**
 * Brings back the video that this organization had deleted, with its id and history, and the settings of the new request.
 * The time in between is no part of its history; nor is what others have read of a post that is linked only now. `videoId`
 * is locked by `lockDeletedVideo`.
 */
export async function reviveVideo(
  trx: Transaction<Database>,
  videoId: string,
  { organizationId, known, now }: Place,
  { platform, externalId, isActive, metadata, scrapeIntervalHours }: ParsedVideo,
): Promise<void> {
  await changeBooks(trx, organizationId, { videoId }, async () => {
    await sql`
      update videos set deleted_at = null, is_active = ${isActive}, metadata = ${jsonOrNull(metadata)}::jsonb,
        scrape_interval_hours = ${scrapeIntervalHours}, updated_at = ${now},
        counted_from = case when post_id is null and ${known !== null} then ${now}::timestamptz else counted_from end,
        profile_id = coalesce(profile_id, ${known?.profileId ?? null}::bigint),
        post_id = coalesce(post_id, ${known?.postId ?? null}::bigint)
      where organization_id = ${organizationId} and video_id = ${videoId}`.execute(trx);
    await takeFacts(trx, organizationId, videoId);
  });
  await rebookSharedPosts(trx, { organizationIds: [organizationId], platform, externalIds: [externalId] });
  await closePauses(trx, { holder: 'video', organizationId, ids: [videoId], now });
}

/** The deleted video that may be revived, held until the transaction ends: before its profile, as everybody locks them. */
export async function lockDeletedVideo(
  trx: Transaction<Database>,
  organizationId: string,
  { platform, externalId }: Pick<ParsedVideo, 'platform' | 'externalId'>,
  keptSince: Date,
): Promise<string | null> {
  const { rows } = await sql<{ video_id: string }>`
    select video_id from videos
    where platform = ${platform} and external_id = ${externalId} and organization_id = ${organizationId}
      and deleted_at >= ${keptSince}
    order by deleted_at desc limit 1 for no key update`.execute(trx);
  return rows[0]?.video_id ?? null;
}
