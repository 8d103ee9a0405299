import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { CounterColumns } from '../database/columns.ts';
import type { Database } from '../database/tables.ts';
import type { Counters } from '../metrics/counters.ts';
import type { Platform } from '../sources/source.ts';
import { countersOfRow } from '../services/posts/counters-of-row.ts';
import { counterList } from './read-state.ts';

/** An active video of any organization: a post that it tracks on its own, with the last counters it has seen. */
export interface TrackedVideo {
  organizationId: string;
  videoId: string;
  externalId: string;
  /** The shared post; null until it is linked. */
  profileId: number | null;
  postId: number | null;
  addedAt: Date;
  createTime: Date | null;
  countsFromZero: boolean;
  isRead: boolean;
  isUnavailable: boolean;
  known: Counters;
}

interface Row extends CounterColumns {
  organization_id: string;
  video_id: string;
  external_id: string;
  profile_id: number | null;
  post_id: number | null;
  added_at: Date;
  create_time: Date | null;
  counts_from_zero: boolean;
  first_scrape_time: Date | null;
  is_unavailable: boolean;
}

/**
 * The active videos of these posts. Their rows are locked in a fixed order, after the accounts
 * and before the profile, as services lock them.
 */
export async function lockVideos(
  trx: Kysely<Database>,
  platform: Platform | RawBuilder<Platform>,
  externalIds: readonly string[],
): Promise<TrackedVideo[]> {
  if (externalIds.length === 0) return [];
  const { rows } = await sql<Row>`
    select organization_id, video_id, external_id, profile_id, post_id, added_at, create_time, counts_from_zero,
      first_scrape_time, is_unavailable, ${counterList}
    from videos
    where platform = ${platform} and external_id = any(${externalIds}::text[]) and is_active and deleted_at is null
    order by organization_id, video_id for no key update`.execute(trx);
  return rows.map((row) => ({
    organizationId: row.organization_id,
    videoId: row.video_id,
    externalId: row.external_id,
    profileId: row.profile_id,
    postId: row.post_id,
    addedAt: row.added_at,
    createTime: row.create_time,
    countsFromZero: row.counts_from_zero,
    isRead: row.first_scrape_time !== null,
    isUnavailable: row.is_unavailable,
    known: countersOfRow(row),
  }));
}

/** Whether a reading of a profile's post is the video's: it is linked to that profile, or to nothing yet. */
export const isOfProfile = (video: TrackedVideo, profileId: number): boolean =>
  video.postId === null || video.profileId === profileId;

/** External ids of the posts that are not linked to their videos yet. */
export const newlyTracked = (videos: readonly TrackedVideo[]): Set<string> =>
  new Set(videos.flatMap((video) => (video.postId === null ? [video.externalId] : [])));

/**
 * When the last of the videos that are not linked yet was resumed: no change of who looks was written down with a profile,
 * so a reading must be put after it here.
 */
export async function lastResumed(trx: Kysely<Database>, videos: readonly TrackedVideo[]): Promise<Date | null> {
  const unlinked = videos.filter((video) => video.postId === null);
  if (unlinked.length === 0) return null;
  const { rows } = await sql<{ ended_at: Date | null }>`
    select max(z.ended_at) as ended_at
    from unnest(${unlinked.map((v) => v.organizationId)}::uuid[], ${unlinked.map((v) => v.videoId)}::uuid[])
      as u(organization_id, video_id)
    join video_pauses z using (organization_id, video_id)`.execute(trx);
  return rows[0]?.ended_at ?? null;
}
