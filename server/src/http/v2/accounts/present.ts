import type { Static } from 'typebox';
import type { Account } from '../../../contract/v2/account.ts';
import type { AccountRecord } from '../../../services/accounts/account-record.ts';
import { timestamp, timestampOrNull } from '../times.ts';

/** §4.1. Unknown counts are shown as 0 where the contract says so, and are null in the database. */
export function presentAccount(account: AccountRecord): Static<typeof Account> {
  const isInstagram = account.platform === 'instagram';
  return {
    id: account.account_id,
    type: 'account',
    platform: account.platform,
    username: account.username,
    name: account.name,
    description: account.description,
    link_in_bio: account.link_in_bio,
    profile_pic_url: account.profile_pic_url,
    profile_pic_url_original: account.profile_pic_url,
    is_verified: account.is_verified,
    is_active: account.is_active,
    is_unavailable: account.is_unavailable,
    creator_id: account.creator_id,
    creator_name: account.creator_name,
    category: account.category,
    metadata: account.metadata,
    added_at: timestamp(account.added_at),
    first_scrape_time: timestampOrNull(account.first_scrape_time),
    last_scrape_time: timestampOrNull(account.last_scrape_time),
    scrape_interval_hours: account.scrape_interval_hours,
    follower_count: account.follower_count ?? 0,
    following_count: account.following_count ?? 0,
    profile_post_count: account.profile_post_count ?? 0,
    total_post_count: account.total_post_count,
    view_count: account.view_count,
    like_count: account.like_count,
    comment_count: account.comment_count,
    share_count: account.share_count,
    play_count: account.play_count,
    saved_count: isInstagram ? account.saved_count : null,
    fb_play_count: isInstagram ? account.fb_play_count : null,
    ig_play_count: isInstagram ? account.ig_play_count : null,
    fb_like_count: isInstagram ? account.fb_like_count : null,
    max_recent_posts_per_account: account.max_recent_posts_per_account,
    post_lookback_days: account.post_lookback_days,
    effective_max_recent_posts_per_account: account.effective_max_recent_posts_per_account,
    effective_post_lookback_days: account.effective_post_lookback_days,
    source: account.source,
  };
}
