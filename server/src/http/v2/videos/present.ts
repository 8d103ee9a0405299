import type { Static } from 'typebox';
import type { Video } from '../../../contract/v2/video.ts';
import type { VideoRecord } from '../../../services/videos/video-record.ts';
import { presentPost } from '../posts/present.ts';
import { timestampOrNull } from '../times.ts';

/** §4.2. */
export function presentVideo(video: VideoRecord): Static<typeof Video> {
  return {
    ...presentPost(video),
    id: video.video_id,
    type: 'video',
    metadata: video.metadata,
    first_scrape_time: timestampOrNull(video.first_scrape_time),
    is_unavailable: video.is_unavailable,
    account_id: video.account?.id ?? null,
    account_username: video.account?.username ?? video.author_username,
  };
}
