import { type Kysely, sql } from 'kysely';
import type { Database } from '../../src/database/tables.ts';
import { insertAccount, insertAccountVideo, type Owner } from './books.ts';

interface Schedule {
  due_at: Date | null;
  interval_hours: number | null;
  author_username: string | null;
  profile_id: number | null;
  post_id: number | null;
}

/** When the post of a video is to be looked at. */
export async function scheduleOf(db: Kysely<Database>, videoId: string): Promise<Schedule> {
  const { rows } = await sql<Schedule>`
    select t.* from videos v join tracked_posts t using (platform, external_id) where v.video_id = ${videoId}`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`nothing tracked for ${videoId}`);
  return row;
}

/** As if the collector had read the video's post, with made-up counters. */
export async function wasRefreshed(db: Kysely<Database>, videoId: string, at: Date): Promise<void> {
  await sql`
    update videos set first_scrape_time = coalesce(first_scrape_time, ${at}::timestamptz), last_scrape_time = ${at},
      view_count = 100, play_count = 90, like_count = 10, comment_count = 3, share_count = 2, saved_count = 5,
      fb_play_count = 7, ig_play_count = 83, fb_like_count = 1, source = 'sandbox'
    where video_id = ${videoId}`.execute(db);
  await sql`
    update tracked_posts t set last_attempt_at = ${at}, due_at = ${at}::timestamptz + make_interval(hours => t.interval_hours)
    from videos v
    where v.video_id = ${videoId} and t.platform = v.platform and t.external_id = v.external_id`.execute(db);
}

/** When the video was not looking, and why. */
export async function pausesOf(db: Kysely<Database>, videoId: string): Promise<string[]> {
  const { rows } = await sql<{ reason: string; is_open: boolean }>`
    select reason, ended_at is null as is_open from video_pauses where video_id = ${videoId}
    order by started_at`.execute(db);
  return rows.map(({ reason, is_open: isOpen }) => `${reason}${isOpen ? ' (open)' : ''}`);
}

/** A post in the feed of an account of this organization, as the collector would have found it. */
export async function postInFeed(
  db: Kysely<Database>,
  owner: Owner,
  externalId: string,
): Promise<{ accountId: string; accountVideoId: string }> {
  const accountId = await insertAccount(db, owner);
  const read = new Date('2026-03-01T12:00:00Z');
  const accountVideoId = await insertAccountVideo(
    db,
    accountId,
    { create_time: read, media_type: 'image', view_count: 5 },
    {
      external_id: externalId,
      caption: 'A caption',
      duration_seconds: 15.5,
      create_time: read,
      media_type: 'image',
      cover_image_url: 'https://cdn.example/cover.jpg',
      video_url: 'https://cdn.example/video.mp4',
      view_count: 5,
      read_at: read,
      confirmed_at: read,
    },
  );
  await sql`
    update profiles p set platform_profile_id = '25025320' from accounts a
    where a.account_id = ${accountId} and p.profile_id = a.profile_id`.execute(db);
  return { accountId, accountVideoId };
}
