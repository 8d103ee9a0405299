import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Platform } from '../source.ts';
import { type Counts, countsAt } from './counters.ts';
import type { Creator } from './creator.ts';
import { followersAt, purgeNear } from './followers.ts';
import { postId, slotOfPost } from './post-ids.ts';
import { deletedAt, type Post, postOf, shownDays } from './posts.ts';
import { createWorld, type ProfileAt } from './world.ts';

const dayMs = 86_400_000;
const world = createWorld('tallyline');
const platform = fc.constantFrom<Platform>('instagram', 'tiktok');
const handle = fc.stringMatching(/^[a-z][a-z0-9._]{0,20}$/).map((name) => `c_${name}`);
const time = fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2032, 0, 1) });
const laterMs = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 200 * dayMs }));

function profileOf(name: string, on: Platform, timeMs: number): ProfileAt {
  const profile = world.profile(on, name, timeMs);
  if (profile === null) throw new Error(`${name} should exist`);
  return profile;
}

function everyPost(creator: Creator, timeMs: number, pageSize: number): Post[] {
  const posts: Post[] = [];
  for (let before: number | null = null; ; ) {
    const page = world.posts(creator, timeMs, before, pageSize);
    posts.push(...page.posts);
    const oldest = page.posts.at(-1);
    if (!page.hasMore || oldest === undefined) return posts;
    before = oldest.createdMs;
  }
}

describe('the sandbox world', () => {
  it('is the same for the same seed, in any order, and another one for another seed', () => {
    fc.assert(
      fc.property(platform, handle, time, (on, name, timeMs) => {
        const look = (seed: string) => {
          const profile = createWorld(seed).profile(on, name, timeMs);
          return profile && { profile, page: createWorld(seed).posts(profile.creator, timeMs, null, 5) };
        };
        expect(look('one')).toEqual(look('one'));
        expect(look('one')?.profile.creator.seed).not.toBe(look('two')?.profile.creator.seed);
      }),
      { numRuns: 50 },
    );
  });

  it('shows 15 to 130 posts of the last 400 days, at any time', () => {
    fc.assert(
      fc.property(platform, handle, time, (on, name, timeMs) => {
        const { creator, postCount } = profileOf(name, on, timeMs);
        const pinned = world.pinned(creator, timeMs);
        const posts = [...everyPost(creator, timeMs, 50), ...pinned];
        expect(posts.length).toBe(postCount);
        expect(postCount).toBeGreaterThanOrEqual(15);
        expect(postCount).toBeLessThanOrEqual(130);
        expect(pinned.length).toBeLessThanOrEqual(3);
        for (const post of posts) {
          expect(post.createdMs).toBeLessThanOrEqual(timeMs);
          expect(post.createdMs).toBeGreaterThanOrEqual(timeMs - shownDays * dayMs);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('pages through every post once, newest first, whatever the page size', () => {
    fc.assert(
      fc.property(platform, handle, time, fc.integer({ min: 1, max: 60 }), (on, name, timeMs, pageSize) => {
        const { creator } = profileOf(name, on, timeMs);
        const slots = everyPost(creator, timeMs, pageSize).map(({ slot }) => slot);
        expect(slots).toEqual(everyPost(creator, timeMs, 1000).map(({ slot }) => slot));
        expect(slots).toEqual([...new Set(slots)].sort((a, b) => b - a));
      }),
      { numRuns: 50 },
    );
  });

  it('counts only upwards, except for the views and likes of a correction', () => {
    fc.assert(
      fc.property(platform, handle, time, fc.integer({ min: 0, max: 30 }), laterMs, (on, name, timeMs, back, later) => {
        const { creator } = profileOf(name, on, timeMs);
        const post = postOf(creator, Math.floor(timeMs / creator.slotMs) - back);
        const [before, after] = [countsAt(post, timeMs), countsAt(post, timeMs + later)];
        const { correctedAtMs } = post;
        const isCorrected = correctedAtMs !== null && timeMs < correctedAtMs && correctedAtMs <= timeMs + later;
        for (const key of Object.keys(before) as (keyof Counts)[]) {
          expect(Number.isSafeInteger(before[key]) && before[key] >= 0).toBe(true);
          const mayFall = isCorrected && key !== 'comments' && key !== 'shares' && key !== 'saves';
          if (!mayFall) expect(after[key]).toBeGreaterThanOrEqual(before[key]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lets followers grow, except at a purge', () => {
    fc.assert(
      fc.property(platform, handle, time, laterMs, (on, name, timeMs, later) => {
        const { creator } = profileOf(name, on, timeMs);
        const [before, after] = [followersAt(creator, timeMs), followersAt(creator, timeMs + later)];
        expect(before).toBeGreaterThan(0);
        const purges = [timeMs, timeMs + later].map((at) => purgeNear(creator, at));
        const isPurged = purges.some((purge) => purge !== null && purge.atMs > timeMs && purge.atMs <= timeMs + later);
        if (!isPurged) expect(after).toBeGreaterThanOrEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('starts every post at nothing', () => {
    const { creator } = profileOf('c_starts', 'instagram', Date.UTC(2026, 0, 1));
    for (const post of everyPost(creator, Date.UTC(2026, 0, 1), 200)) {
      expect(Object.values(countsAt(post, post.createdMs)).every((count) => count === 0)).toBe(true);
    }
  });

  it('finds a post by its id, and nobody else’s', () => {
    fc.assert(
      fc.property(platform, handle, time, (on, name, timeMs) => {
        const { creator } = profileOf(name, on, timeMs);
        const stranger = profileOf(`${name}x`, on, timeMs).creator;
        const slot = Math.floor(timeMs / creator.slotMs);
        expect(slotOfPost(creator, postId(creator, slot))).toBe(slot);
        expect(slotOfPost(stranger, postId(creator, slot))).toBeNull();
        expect(slotOfPost(creator, 'x')).toBeNull();
      }),
    );
  });

  it('has everything that collectors stumble over', () => {
    const timeMs = Date.UTC(2026, 10, 1);
    const creators = Array.from({ length: 200 }, (_, index) =>
      profileOf(`c_${index}`, index % 2 ? 'tiktok' : 'instagram', timeMs),
    );
    const posts = creators.flatMap(({ creator }) => everyPost(creator, timeMs, 200).map((post) => ({ creator, post })));
    const share = (test: (item: (typeof posts)[number]) => boolean) => posts.filter(test).length / posts.length;
    expect(share(({ post }) => post.viralBoost > 0)).toBeGreaterThan(0.01);
    expect(share(({ post }) => post.hidesLikes)).toBeGreaterThan(0.01);
    expect(share(({ post }) => post.correctedAtMs !== null)).toBeGreaterThan(0.02);
    expect(share(({ creator, post }) => deletedAt(creator, post.slot) !== null)).toBeGreaterThan(0.003);
    expect(new Set(posts.map(({ post }) => post.kind))).toEqual(new Set(['video', 'image', 'carousel']));
    expect(creators.filter(({ creator }) => world.pinned(creator, timeMs).length > 0).length).toBeGreaterThan(20);
    // Heavy tails: the best post of a creator is far above the middle one, and so is the best creator.
    const views = posts.map(({ post }) => countsAt(post, timeMs).views).sort((a, b) => a - b);
    expect(views.at(-1)).toBeGreaterThan(1000 * (views[views.length >> 1] ?? 0));
  });
});

describe('handles with a meaning', () => {
  const at = Date.UTC(2026, 10, 1);
  it.each(['missing', 'missing_person', 'not_found.1', 'MISSING'])('%s does not exist', (name) => {
    expect(world.profile('tiktok', name, at)).toBeNull();
  });

  it('private… is private, empty… has no posts, hidden_likes… hides them', () => {
    expect(profileOf('private_a', 'instagram', at).isPrivate).toBe(true);
    expect(profileOf('empty_a', 'instagram', at)).toMatchObject({ isPrivate: false, postCount: 0 });
    const { creator } = profileOf('hidden_likes_a', 'instagram', at);
    expect(everyPost(creator, at, 50).every(({ hidesLikes }) => hidesLikes)).toBe(true);
  });

  it('renamed20261101_a bears that name until the day, and now_… from then on, with one id', () => {
    const before = profileOf('renamed20261101_a', 'tiktok', at - 1);
    expect(world.profile('tiktok', 'now_renamed20261101_a', at - 1)).toBeNull();
    expect(world.profile('tiktok', 'renamed20261101_a', at)).toBeNull();
    const after = profileOf('now_renamed20261101_a', 'tiktok', at);
    expect(after.creator.userId).toBe(before.creator.userId);
    expect(after.username).toBe('now_renamed20261101_a');
  });

  it('renamed_a without a day is answered under its new name', () => {
    expect(profileOf('renamed_a', 'tiktok', at).username).toBe('now_renamed_a');
  });
});
