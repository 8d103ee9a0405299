import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { utcDay, wholeSecond } from '../metrics/runs.ts';
import type { PlannedVideo } from './plan-video.ts';
import { daySums, gainColumns, gainList, gainTypes, newGains } from './write-gains.ts';
import { counterAssignments, counterColumns, counterTypes } from './write-posts.ts';

/** What was read, of whose feed, when and by which source. */
export interface BookedReading {
  profileId: number;
  readAt: Date;
  source: string;
}

/** Writes one reading into the books of the videos that track the post, and links those that were not linked yet. */
export async function writeVideos(
  trx: Kysely<Database>,
  videos: readonly PlannedVideo[],
  reading: BookedReading,
): Promise<void> {
  if (videos.length === 0) return;
  await updateVideos(trx, videos, reading);
  await addDays(trx, videos, reading.readAt);
}

async function updateVideos(
  trx: Kysely<Database>,
  videos: readonly PlannedVideo[],
  { profileId, readAt, source }: BookedReading,
): Promise<void> {
  const rows = videos.map(({ video, post, known, createTime, countsFromZero }) => ({
    organization_id: video.organizationId,
    video_id: video.videoId,
    post_id: post.postId,
    create_time: createTime,
    media_type: post.post.mediaType,
    counts_from_zero: countsFromZero,
    ...counterColumns(known),
  }));
  const types = {
    organization_id: 'uuid',
    video_id: 'uuid',
    post_id: 'bigint',
    create_time: 'timestamptz',
    media_type: 'text',
    counts_from_zero: 'boolean',
    ...counterTypes,
  };
  // Readings that the post has from before it was linked are not the video's own.
  await sql`
    update videos v set ${counterAssignments},
      counted_from = case when v.post_id is null then ${readAt}::timestamptz else v.counted_from end,
      profile_id = ${profileId}, post_id = u.post_id, source = ${source},
      create_time = u.create_time, media_type = coalesce(u.media_type, v.media_type), counts_from_zero = u.counts_from_zero,
      first_scrape_time = coalesce(v.first_scrape_time, ${wholeSecond(readAt)}::timestamptz),
      last_scrape_time = ${wholeSecond(readAt)}, is_unavailable = false,
      updated_at = greatest(v.updated_at, ${readAt}::timestamptz)
    from ${unnest(rows, types)}
    where v.organization_id = u.organization_id and v.video_id = u.video_id`.execute(trx);
}

async function addDays(trx: Kysely<Database>, videos: readonly PlannedVideo[], readAt: Date): Promise<void> {
  const rows = videos.map(({ video, gains }) => ({
    organization_id: video.organizationId,
    video_id: video.videoId,
    ...gainColumns(gains),
  }));
  await sql`
    insert into video_days as d (organization_id, video_id, day, ${gainList})
    select u.organization_id, u.video_id, ${utcDay(readAt)}::date, ${newGains}
    from ${unnest(rows, { organization_id: 'uuid', video_id: 'uuid', ...gainTypes })}
    on conflict (organization_id, video_id, day) do update set ${daySums}`.execute(trx);
}
