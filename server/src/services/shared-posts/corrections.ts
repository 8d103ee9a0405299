import type { Kysely } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Gains } from '../../metrics/counters.ts';
import type { Day } from '../../metrics/days.ts';
import { dayOfNumber } from '../../metrics/runs.ts';
import { type PostHolding, sharedPostCorrections } from '../../metrics/shared-posts.ts';
import { ownRuns } from '../posts/own-runs.ts';
import { holdersOfPosts } from '../posts/post-holder.ts';
import { keyOf, type SharedPost } from './shared-post.ts';

/** What to add to the gains of all holders of a post on a day, in the order of `gainNames`. */
export interface Correction extends SharedPost {
  day: Day;
  gains: Gains;
}

/** The corrections of posts as their readings say them, whatever is stored. */
export async function correctionsOf(db: Kysely<Database>, posts: readonly SharedPost[]): Promise<Correction[]> {
  const holders = await holdersOfPosts(db, posts);
  const runs = await ownRuns(db, holders);
  const holdings = new Map<string, PostHolding[]>(posts.map((post) => [keyOf(post), []]));
  for (const [i, holder] of holders.entries()) {
    holdings.get(keyOf(holder))?.push({ countsFromZero: holder.countsFromZero, runs: runs[i] ?? [] });
  }
  return posts.flatMap((post) => {
    const days = sharedPostCorrections(holdings.get(keyOf(post)) ?? []);
    return [...days].map(([day, gains]) => ({ ...post, day: dayOfNumber(day), gains: inSums(post, gains) }));
  });
}

/** Saves of TikTok posts are in no sum (contract v2 §3). */
const inSums = ({ platform }: SharedPost, gains: Gains): Gains =>
  platform === 'instagram' ? gains : [...gains.slice(0, 5), 0];
