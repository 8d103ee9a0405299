import { type Normalised, toPage } from '../payloads/normalised.ts';
import type { PostPage } from '../source.ts';

/** How far a run of a feed reaches. Actors know no cursors: to see older posts, a run must bring the newer ones again. */
export interface Depth {
  /** Posts asked for, pinned ones included. */
  limit: number;
  /** Posts of this second and older are new; null: all. */
  fromSeconds: number | null;
}

export interface Reach {
  /** Posts on the first page. */
  posts: number;
  maxPosts: number;
}

/** Each run reaches four times as deep, so that what is paid for twice is at most a third of the whole. */
export const growth = 4;

export function readDepth(cursor: string | null, { posts, maxPosts }: Reach): Depth {
  const [, limit, fromSeconds] = /^(\d{1,6}):(\d{1,12})$/.exec(cursor ?? '') ?? [];
  if (limit === undefined) return { limit: posts, fromSeconds: null };
  return { limit: Math.min(Number(limit), maxPosts), fromSeconds: Number(fromSeconds) };
}

/** The page of a run, without what an earlier run brought, and the way on. `received`: items, whatever became of them. */
export function toDepthPage(items: readonly Normalised[], received: number, depth: Depth, reach: Reach): PostPage {
  const { limit, fromSeconds } = depth;
  const isNew = (item: Normalised): boolean =>
    fromSeconds === null ||
    'refused' in item ||
    (!item.post.isPinned && (secondsOf(item) ?? Number.POSITIVE_INFINITY) <= fromSeconds);
  const fresh = items.filter(isNew);
  const times = fresh.flatMap((item) => ('post' in item && !item.post.isPinned ? (secondsOf(item) ?? []) : []));
  const isMore = received >= limit && limit < reach.maxPosts && times.length > 0;
  const next = `${Math.min(limit * growth, reach.maxPosts)}:${Math.min(...times)}`;
  return toPage(fresh, { isMore, cursor: isMore ? next : null });
}

function secondsOf(item: Normalised): number | null {
  const time = 'post' in item ? (item.post.createTime?.getTime() ?? null) : null;
  return time === null ? null : time / 1000;
}
