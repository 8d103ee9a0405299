import { type Kysely, sql } from 'kysely';
import type { Database } from '../../src/database/tables.ts';
import { nextId, type Owner } from './books.ts';

/**
 * A post tracked on its own since `countedFrom`, as if readings since then had been booked to it: the post is the one that
 * an account video of the owner shows.
 */
export async function insertVideoOf(
  db: Kysely<Database>,
  owner: Owner,
  accountVideoId: string,
  countedFrom: Date,
): Promise<string> {
  const videoId = nextId();
  await sql`
    insert into videos (organization_id, video_id, project_id, platform, external_id, shortcode, profile_id, post_id,
      scrape_interval_hours, added_at, counted_from, updated_at, counts_from_zero, create_time, media_type,
      view_count, play_count, like_count, comment_count, share_count, saved_count)
    select ${owner.organizationId}, ${videoId}, ${owner.projectId}, v.platform, p.external_id, p.shortcode, p.profile_id, p.post_id,
      24, ${countedFrom}, ${countedFrom}, ${countedFrom}, coalesce(p.create_time >= ${countedFrom}, false), p.create_time, p.media_type,
      p.view_count, p.play_count, p.like_count, p.comment_count, p.share_count, p.saved_count
    from account_videos v join posts p using (profile_id, post_id) where v.account_video_id = ${accountVideoId}`.execute(
    db,
  );
  return videoId;
}
