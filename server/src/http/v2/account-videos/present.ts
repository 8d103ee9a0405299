import type { Static } from 'typebox';
import type { AccountVideo } from '../../../contract/v2/account-video.ts';
import type { AccountVideoRecord } from '../../../services/account-videos/account-video-record.ts';
import { timestamp, timestampOrNull } from '../times.ts';

/** §4.2 and §4.3. */
export function presentAccountVideo(post: AccountVideoRecord): Static<typeof AccountVideo> {
  return {
    id: post.account_video_id,
    type: 'account_video',
    platform: post.platform,
    internal_id: post.post_id,
    external_id: post.external_id,
    shortcode: post.shortcode,
    is_active: post.is_active,
    scrape_interval_hours: post.scrape_interval_hours,
    metadata: null,
    added_at: timestamp(post.added_at),
    updated_at: timestamp(post.updated_at),
    first_scrape_time: timestamp(post.added_at),
    last_scrape_time: timestampOrNull(post.last_scrape_time),
    create_time: timestampOrNull(post.create_time),
    description: post.caption,
    media_type: post.media_type,
    duration: post.duration_seconds,
    is_unavailable: post.is_removed,
    cover_image_url: post.cover_image_url,
    cover_image_url_original: post.cover_image_url,
    video_url: post.video_url,
    video_url_original: post.video_url,
    ...presentCounters(post),
    account_id: post.account_id,
    account_username: post.account_username,
    platform_account_id: post.platform_profile_id,
    source: post.source,
  };
}

function presentCounters(post: AccountVideoRecord) {
  const { view_count, like_count, comment_count, share_count, play_count, saved_count } = post;
  const { fb_play_count, ig_play_count, fb_like_count } = post;
  const shared = { view_count, like_count, comment_count, share_count, play_count };
  if (post.platform === 'tiktok') {
    return { ...shared, saved_count: null, total_views: view_count, total_plays: play_count, platform_data: {} };
  }
  // The Facebook plays of a post that was shared there too are in neither view_count nor play_count.
  const onAllSurfaces = (count: number | null) => (count === null ? null : count + (fb_play_count ?? 0));
  return {
    ...shared,
    saved_count,
    total_views: onAllSurfaces(view_count),
    total_plays: onAllSurfaces(play_count),
    platform_data: { fb_play_count, ig_play_count, fb_like_count },
  };
}
