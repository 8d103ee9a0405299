import { type Counters, type Gains, sameCounters, unknownCounters, unreadGains } from '../metrics/counters.ts';
import { addGains, addKnown, bookReading, countsFromZero } from '../metrics/gains.ts';
import type { PostText } from '../services/captions/index-captions.ts';
import type { ObservedPost } from '../sources/source.ts';
import type { PlannedPost } from './plan-posts.ts';
import type { Tracker } from './tracker.ts';

/** A post as one account holds it. */
export interface Holding {
  accountVideoId: string;
  known: Counters;
  countsFromZero: boolean;
}

export interface ReadPost {
  postId: number;
  post: ObservedPost;
  read: Counters;
}

/** What was read of each post, now that all of them are in the database. */
export function readPosts(planned: readonly PlannedPost[], insertedIds: ReadonlyMap<string, number>): ReadPost[] {
  return planned.flatMap(({ postId, post, read }) => {
    const id = postId ?? insertedIds.get(post.externalId);
    return id === undefined ? [] : [{ postId: id, post, read }];
  });
}

/** What search finds them by. */
export const textsOf = (posts: readonly ReadPost[]): PostText[] =>
  posts.map(({ postId, post: { createTime, caption } }) => ({ postId, createTime, caption }));

export interface PlannedAccount {
  tracker: Tracker;
  /** Sums of the day's gains, to be added to the day's row. */
  gains: Gains;
  /** By how much each sum over the account's posts changes. null: nothing known was added. */
  sumChanges: Counters;
  added: { post: ReadPost; known: Counters; countsFromZero: boolean }[];
  changed: { accountVideoId: string; known: Counters }[];
}

const dayMs = 86_400_000;

/** External ids of the observed posts that an account takes into its books if it does not hold them yet: the newest, not too old. */
export function postsInReach(
  tracker: Pick<Tracker, 'maxRecentPosts' | 'lookbackDays'>,
  posts: readonly ObservedPost[],
  now: Date,
): Set<string> {
  const time = (post: ObservedPost): number => post.createTime?.getTime() ?? Number.NEGATIVE_INFINITY;
  let within = [...posts];
  if (tracker.lookbackDays !== null) {
    const oldestAllowed = now.getTime() - tracker.lookbackDays * dayMs;
    within = within.filter((post) => time(post) >= oldestAllowed);
  }
  if (tracker.maxRecentPosts !== null) {
    within = within
      .sort((a, b) => time(b) - time(a) || (a.externalId < b.externalId ? 1 : -1))
      .slice(0, tracker.maxRecentPosts);
  }
  return new Set(within.map((post) => post.externalId));
}

/** Books one refresh for one account: day gains, changed sums, newly held posts, changed last known counters. */
export function planAccount(
  tracker: Tracker,
  posts: readonly ReadPost[],
  holdings: ReadonlyMap<number, Holding>,
  reach: ReadonlySet<string>,
): PlannedAccount {
  const plan: PlannedAccount = { tracker, gains: unreadGains, sumChanges: unknownCounters, added: [], changed: [] };
  for (const entry of posts) {
    const holding = holdings.get(entry.postId);
    if (holding === undefined && !reach.has(entry.post.externalId)) continue;
    const before = holding?.known ?? unknownCounters;
    const fromZero = holding?.countsFromZero ?? countsFromZero(entry.post.createTime, tracker.addedAt);
    const { gains, known } = bookReading(before, entry.read, fromZero);
    plan.gains = addGains(plan.gains, gains);
    if (holding === undefined) plan.added.push({ post: entry, known, countsFromZero: fromZero });
    else if (!sameCounters(before, known)) plan.changed.push({ accountVideoId: holding.accountVideoId, known });
    plan.sumChanges = plan.sumChanges.map((sum, i) => {
      const now = known[i] ?? null;
      return now === null ? sum : addKnown(sum, now - (before[i] ?? 0));
    });
  }
  return plan;
}
