import type { Counters, Gains } from '../metrics/counters.ts';
import { bookReading, countsFromZero } from '../metrics/gains.ts';
import type { ReadPost } from './plan-account.ts';
import type { TrackedVideo } from './tracked-video.ts';

/** One reading of a post, booked for one video. */
export interface PlannedVideo {
  video: TrackedVideo;
  post: ReadPost;
  gains: Gains;
  known: Counters;
  createTime: Date | null;
  countsFromZero: boolean;
}

/** Books one reading of the post for a video, exactly as for an account that holds it. */
export function planVideo(video: TrackedVideo, post: ReadPost): PlannedVideo {
  const createTime = post.post.createTime ?? video.createTime;
  const fromZero = video.isRead ? video.countsFromZero : countsFromZero(createTime, video.addedAt);
  return {
    video,
    post,
    ...bookReading(video.known, post.read, fromZero),
    createTime,
    countsFromZero: fromZero,
  };
}
