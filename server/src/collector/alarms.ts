import type { KnownPost, PlannedPost } from './plan-posts.ts';

/** Numbers that moved more than they do by themselves. They are data all the same; somebody should look at the source. */
export interface Alarm {
  metric: 'followers' | 'likes';
  before: number;
  now: number;
}

const largestMove = 0.5;
const minFollowers = 1000;
const likeIndex = 2;

/** Followers of a profile that isn't small have moved by more than half between two readings. */
export function followersAlarm(before: number | null, now: number | null): Alarm | null {
  if (before === null || now === null || before < minFollowers) return null;
  return Math.abs(now - before) > before * largestMove ? { metric: 'followers', before, now } : null;
}

/** The likes of the posts read have fallen by more than half together: a sentinel in place of hidden likes looks like this. */
export function likesAlarm(posts: readonly PlannedPost[], known: ReadonlyMap<string, KnownPost>): Alarm | null {
  let [before, now] = [0, 0];
  for (const { post, read } of posts) {
    const [likesBefore, likesNow] = [known.get(post.externalId)?.known[likeIndex] ?? null, read[likeIndex] ?? null];
    if (likesBefore === null || likesNow === null) continue;
    before += likesBefore;
    now += likesNow;
  }
  return before - now > before * largestMove ? { metric: 'likes', before, now } : null;
}
