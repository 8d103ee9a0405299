import { dayMs } from './creator.ts';
import type { Post } from './posts.ts';

/** What the platform counts at a time, whether it shows it or not. */
export interface Counts {
  views: number;
  facebookPlays: number;
  facebookLikes: number;
  likes: number;
  comments: number;
  shares: number;
  saves: number;
}

const facebookShare = 0.3;
const fastPart = 0.8;

/** Whole numbers that only grow, except for the views and likes taken back at `correctedAtMs`. */
export function countsAt(post: Post, timeMs: number): Counts {
  const ageDays = Math.max(0, Math.floor((timeMs - post.createdMs) / 1000) / (dayMs / 1000));
  const seen = post.finalViews * (saturation(post, ageDays) + viralWave(post, ageDays));
  const isCorrected = post.correctedAtMs !== null && timeMs >= post.correctedAtMs;
  const kept = isCorrected ? seen * (1 - post.correctedShare) : seen;
  const likes = kept * post.likeRate;
  return {
    views: Math.floor(kept),
    facebookPlays: Math.floor(kept * facebookShare),
    facebookLikes: Math.floor(likes * facebookShare),
    likes: Math.floor(likes),
    comments: Math.floor(seen * post.commentRate),
    shares: Math.floor(seen * post.shareRate),
    saves: Math.floor(seen * post.saveRate),
  };
}

/** Most of the audience within days, the rest over months. From 0 towards 1. */
function saturation({ fastDays, slowDays }: Post, ageDays: number): number {
  return fastPart * (1 - Math.exp(-ageDays / fastDays)) + (1 - fastPart) * (1 - Math.exp(-ageDays / slowDays));
}

/** A wave that starts when something outside picks the post up. From 0 towards the boost. */
function viralWave({ viralBoost, viralAtDays }: Post, ageDays: number): number {
  if (viralBoost === 0) return 0;
  const widthDays = 1 + viralAtDays / 8;
  const logistic = (days: number): number => 1 / (1 + Math.exp((viralAtDays - days) / widthDays));
  return viralBoost * (logistic(ageDays) - logistic(0));
}
