import type { CounterColumns } from '../../../database/columns.ts';
import { onAllSurfaces } from '../../../metrics/all-surfaces.ts';
import type { Platform } from '../../../sources/source.ts';
import { timestamp, timestampOrNull } from '../times.ts';

/** What the services know of a post, whichever way it is tracked. */
interface PostRecord extends CounterColumns {
  platform: Platform;
  external_id: string;
  shortcode: string | null;
  is_active: boolean;
  scrape_interval_hours: number;
  added_at: Date;
  updated_at: Date;
  last_scrape_time: Date | null;
  create_time: Date | null;
  caption: string | null;
  media_type: 'video' | 'image' | 'carousel' | null;
  duration_seconds: number | null;
  cover_image_url: string | null;
  video_url: string | null;
  platform_profile_id: string | null;
  source: string | null;
}

/** The members that posts of both kinds have in common (§4.2, §4.3). */
export function presentPost(post: PostRecord) {
  return {
    platform: post.platform,
    external_id: post.external_id,
    shortcode: post.shortcode,
    is_active: post.is_active,
    scrape_interval_hours: post.scrape_interval_hours,
    added_at: timestamp(post.added_at),
    updated_at: timestamp(post.updated_at),
    last_scrape_time: timestampOrNull(post.last_scrape_time),
    create_time: timestampOrNull(post.create_time),
    description: post.caption,
    media_type: post.media_type,
    duration: post.duration_seconds,
    cover_image_url: post.cover_image_url,
    cover_image_url_original: post.cover_image_url,
    video_url: post.video_url,
    video_url_original: post.video_url,
    ...presentCounters(post),
    platform_account_id: post.platform_profile_id,
    source: post.source,
  };
}

function presentCounters(post: PostRecord) {
  const { view_count, like_count, comment_count, share_count, play_count, saved_count } = post;
  const { fb_play_count, ig_play_count, fb_like_count } = post;
  const shared = { view_count, like_count, comment_count, share_count, play_count };
  if (post.platform === 'tiktok') {
    return { ...shared, saved_count: null, total_views: view_count, total_plays: play_count, platform_data: {} };
  }
  return {
    ...shared,
    saved_count,
    ...onAllSurfaces(post),
    platform_data: { fb_play_count, ig_play_count, fb_like_count },
  };
}
