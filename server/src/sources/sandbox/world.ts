import type { Platform } from '../source.ts';
import { type Creator, createCreator, dayMs } from './creator.ts';
import { followersAt } from './followers.ts';
import { readHandle } from './handles.ts';
import { createdAt, deletedAt, type Post, postOf, shownDays } from './posts.ts';
import { hashText } from './random.ts';

export interface ProfileAt {
  creator: Creator;
  username: string;
  isPrivate: boolean;
  followerCount: number;
  postCount: number;
}

export interface Listing {
  posts: Post[];
  hasMore: boolean;
}

/**
 * A deterministic world of creators: the same seed, handle and time give the same numbers, in any order, in any
 * process. Nothing is stored; a post is computed when somebody looks at it.
 */
export interface World {
  /** The profile that a handle leads to at a time; null when there is none. */
  profile(platform: Platform, handle: string, timeMs: number): ProfileAt | null;
  /** Up to `limit` posts older than `beforeMs` (null: from the newest on), newest first, without the pinned ones. */
  posts(creator: Creator, timeMs: number, beforeMs: number | null, limit: number): Listing;
  pinned(creator: Creator, timeMs: number): Post[];
  /** One post, when it is shown at that time. */
  post(creator: Creator, slot: number, timeMs: number): Post | null;
}

export function createWorld(seed: string): World {
  const worldSeed = hashText(seed, 0x7a11);
  return {
    profile(platform, handle, timeMs) {
      const read = readHandle(handle, timeMs);
      if (read.visibility === 'missing') return null;
      const creator = createCreator(worldSeed, platform, read);
      return {
        creator,
        username: read.current,
        isPrivate: read.visibility === 'private',
        followerCount: followersAt(creator, timeMs),
        postCount: read.hasNoPosts ? 0 : countShown(creator, timeMs),
      };
    },
    posts: (creator, timeMs, beforeMs, limit) => {
      if (creator.handle.hasNoPosts) return { posts: [], hasMore: false };
      return listPosts(creator, timeMs, beforeMs, limit);
    },
    pinned: (creator, timeMs) => pinnedSlots(creator, timeMs).map((slot) => postOf(creator, slot)),
    post: (creator, slot, timeMs) =>
      !creator.handle.hasNoPosts && isShown(creator, slot, timeMs) ? postOf(creator, slot) : null,
  };
}

function isShown(creator: Creator, slot: number, timeMs: number): boolean {
  const createdMs = createdAt(creator, slot);
  if (createdMs > timeMs || createdMs < timeMs - shownDays * dayMs) return false;
  const deletedMs = deletedAt(creator, slot);
  return deletedMs === null || timeMs < deletedMs;
}

const slotAt = (creator: Creator, timeMs: number): number => Math.floor(timeMs / creator.slotMs);
const oldestSlot = (creator: Creator, timeMs: number): number => slotAt(creator, timeMs - shownDays * dayMs);

function countShown(creator: Creator, timeMs: number): number {
  let count = 0;
  for (let slot = slotAt(creator, timeMs); slot >= oldestSlot(creator, timeMs); slot -= 1) {
    if (isShown(creator, slot, timeMs)) count += 1;
  }
  return count;
}

function listPosts(creator: Creator, timeMs: number, beforeMs: number | null, limit: number): Listing {
  const posts: Post[] = [];
  const pins = new Set(pinnedSlots(creator, timeMs));
  const oldest = oldestSlot(creator, timeMs);
  for (let slot = slotAt(creator, Math.min(timeMs, beforeMs ?? timeMs)); slot >= oldest; slot -= 1) {
    const isTooNew = beforeMs !== null && createdAt(creator, slot) >= beforeMs;
    if (isTooNew || pins.has(slot) || !isShown(creator, slot, timeMs)) continue;
    if (posts.length === limit) return { posts, hasMore: true };
    posts.push(postOf(creator, slot));
  }
  return { posts, hasMore: false };
}

const mostPins = 3;
const youngestPinDays = 14;

/** The newest candidates that are two weeks old and still there. */
function pinnedSlots(creator: Creator, timeMs: number): number[] {
  if (creator.pinEvery === 0 || creator.handle.hasNoPosts) return [];
  const slots: number[] = [];
  const newest = slotAt(creator, timeMs - youngestPinDays * dayMs);
  const first = newest - ((newest + creator.key) % creator.pinEvery);
  for (let slot = first; slots.length < mostPins && slot >= oldestSlot(creator, timeMs); slot -= creator.pinEvery) {
    if (isShown(creator, slot, timeMs)) slots.push(slot);
  }
  return slots;
}
