import type { Static } from 'typebox';
import type { AccountVideo } from '../../../contract/v2/account-video.ts';
import type { AccountVideoRecord } from '../../../services/account-videos/account-video-record.ts';
import { presentPost } from '../posts/present.ts';
import { timestamp } from '../times.ts';

/** §4.3. */
export function presentAccountVideo(post: AccountVideoRecord): Static<typeof AccountVideo> {
  return {
    ...presentPost(post),
    id: post.account_video_id,
    type: 'account_video',
    internal_id: post.post_id,
    metadata: null,
    first_scrape_time: timestamp(post.added_at),
    is_unavailable: post.is_removed,
    account_id: post.account_id,
    account_username: post.account_username,
  };
}
