import { fields, text, wholeNumber } from '../fields.ts';
import { type Normalised, toPage } from '../payloads/normalised.ts';
import type { PostPage } from '../source.ts';

/**
 * Instagram's feed comes as two lists here. The posts know the legacy views of videos alone; the reels, videos of the grid included,
 * know the displayed ones. So a video is taken from the reels, and everything else from the posts.
 */
export interface Tab {
  items: Normalised[];
  next: string | null;
}

/** Where each list goes on; null: at its beginning, `end`: nowhere. */
export interface Places {
  posts: string | null;
  reels: string | null;
  /** How far back the reels have come; null: none was read yet. */
  oldestReelMs: number | null;
}

export const beginning: Places = { posts: null, reels: null, oldestReelMs: null };

export function readPlaces(cursor: string): Places | null {
  const found = fields(parse(cursor));
  const [posts, reels] = [text(found?.posts), text(found?.reels)];
  return posts === null || reels === null ? null : { posts, reels, oldestReelMs: wholeNumber(found?.oldestReelMs) };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(cursor);
  } catch {
    return null;
  }
}

/** Whether the reels must be read on, so that they have come as far back as this page of posts. */
export function needsReels(posts: Tab, { reels, oldestReelMs, posts: place }: Places): boolean {
  if (reels === 'end') return false;
  return oldestReelMs === null || place === 'end' || oldestReelMs > oldestMs(posts.items);
}

/** The places after more reels. */
export function afterReels(places: Places, reels: Tab): Places {
  const oldest = Math.min(places.oldestReelMs ?? Number.POSITIVE_INFINITY, oldestMs(reels.items));
  return {
    ...places,
    reels: reels.next ?? 'end',
    oldestReelMs: Number.isFinite(oldest) ? oldest : places.oldestReelMs,
  };
}

export interface Merged {
  page: PostPage;
  /** Reels older than this page of posts: they belong to a later one, so that a feed that is cut lacks none of its newest posts. */
  heldBack: Normalised[];
}

/** One page of both. */
export function merge(posts: Tab, reels: readonly Normalised[], places: Places): Merged {
  const after: Places = { ...places, posts: posts.next ?? 'end' };
  const isMore = after.posts !== 'end' || after.reels !== 'end';
  const oldest = posts.next === null ? Number.NEGATIVE_INFINITY : oldestMs(posts.items);
  const here = new Set(posts.items.flatMap((item) => ('post' in item ? item.post.externalId : [])));
  const isLater = (item: Normalised): boolean =>
    'post' in item && !here.has(item.post.externalId) && (item.post.createTime?.getTime() ?? oldest) < oldest;
  const shown = withPins(
    reels.filter((item) => !isLater(item)),
    posts.items,
  );
  const videos = new Set(shown.flatMap((item) => ('post' in item ? item.post.externalId : [])));
  const others = posts.items.filter((item) => !('post' in item && videos.has(item.post.externalId)));
  const items = [...shown, ...others.map(withoutLegacyViews)];
  const page = toPage(items, { isMore, cursor: isMore ? JSON.stringify(after) : null });
  return { page, heldBack: reels.filter(isLater) };
}

/** Reels are pinned where the grid of posts pins them. */
function withPins(reels: readonly Normalised[], posts: readonly Normalised[]): Normalised[] {
  const pinned = new Set(posts.flatMap((item) => ('post' in item && item.post.isPinned ? item.post.externalId : [])));
  return reels.map((item) =>
    'post' in item && pinned.has(item.post.externalId) ? { post: { ...item.post, isPinned: true } } : item,
  );
}

function oldestMs(items: readonly Normalised[]): number {
  const times = items.flatMap((item) =>
    'post' in item && !item.post.isPinned ? (item.post.createTime?.getTime() ?? []) : [],
  );
  return Math.min(...times);
}

/** A series that began with legacy views would keep to them for good, while the reels have the displayed ones. */
function withoutLegacyViews(item: Normalised): Normalised {
  if (!('post' in item) || item.post.viewKind !== 'legacy') return item;
  const { post } = item;
  return { post: { ...post, viewKind: null, counters: { ...post.counters, viewCount: null } } };
}
