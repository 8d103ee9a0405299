import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observedPost, observedProfile } from '../../test/support/scripted-source.ts';
import { observe } from '../collector/observe.ts';
import { readDepth, toDepthPage } from '../sources/apify/depth.ts';
import type { ObservedPost, PostPage, Source } from '../sources/source.ts';
import { pagesOf, type PlannedFeed, type PlannedReach } from './pages-of-feed.ts';

const now = new Date('2026-03-01T00:00:00Z');
const dayMs = 86_400_000;

/** A post a day, the newest of half a day ago. */
const postsOf = (count: number): ObservedPost[] =>
  Array.from({ length: count }, (_, i) =>
    observedPost(String(count - i), {}, { createTime: new Date(now.getTime() - (i + 0.5) * dayMs) }),
  );

type Answer = (cursor: string | null) => { page: PostPage; results: number };

/** What the collector asks for, when it reads a feed that answers so. */
async function asked(answer: Answer, maxPosts: number | null, lookbackDays: number | null, maxPages: number) {
  const counted = { requests: 0, results: 0 };
  const source: Source = {
    name: 'a',
    platforms: ['tiktok'],
    isSandbox: false,
    idSpace: 'platform',
    fetchProfile: async () => ({
      ok: true,
      value: { ...observedProfile(), platformProfileId: '1', username: 'ana' },
    }),
    fetchPosts: async (_ref, cursor) => {
      const { page, results } = answer(cursor);
      counted.requests += 1;
      counted.results += results;
      return { ok: true, value: page };
    },
    close: async () => undefined,
  };
  const wanted = { platform: 'tiktok' as const, username: 'ana', ids: {} };
  expect(await observe([source], wanted, { maxPosts, lookbackDays, maxPages }, { now })).toMatchObject({ ok: true });
  return counted;
}

const paged =
  (posts: readonly ObservedPost[], perPage: number): Answer =>
  (cursor) => {
    const from = Number(cursor ?? 0);
    const shown = posts.slice(from, from + perPage);
    const isMore = from + perPage < posts.length;
    return {
      page: { posts: shown, refused: [], nextCursor: isMore ? String(from + perPage) : null },
      results: shown.length,
    };
  };

const growing =
  (posts: readonly ObservedPost[], reach: { posts: number; maxPosts: number }): Answer =>
  (cursor) => {
    const depth = readDepth(cursor, reach);
    const shown = posts.slice(0, depth.limit);
    const items = shown.map((post) => ({ post }));
    return { page: toDepthPage(items, shown.length, depth, reach), results: shown.length };
  };

const counts = {
  posts: fc.nat({ max: 120 }),
  perPage: fc.integer({ min: 1, max: 30 }),
  maxPosts: fc.option(fc.integer({ min: 1, max: 150 })),
  lookbackDays: fc.option(fc.integer({ min: 1, max: 150 })),
  maxPages: fc.integer({ min: 1, max: 12 }),
};

const reachOf = (posts: number, maxPosts: number | null, lookbackDays: number | null): PlannedReach => ({
  posts,
  recentPosts: lookbackDays === null ? null : Math.min(posts, lookbackDays),
  maxPosts,
  oldestDays: null,
});

const feed = (rest: Partial<PlannedFeed>): PlannedFeed => ({
  perPage: 20,
  atMost: null,
  growth: null,
  windowDays: null,
  ...rest,
});

describe('what a refresh asks for', () => {
  it('is what the collector asks a feed of pages for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record(counts), async ({ posts, perPage, maxPosts, lookbackDays, maxPages }) => {
        const real = await asked(paged(postsOf(posts), perPage), maxPosts, lookbackDays, maxPages);
        expect(pagesOf(feed({ perPage }), reachOf(posts, maxPosts, lookbackDays), maxPages)).toEqual(real);
      }),
    );
  });

  it('is what the collector asks a feed for that begins anew each time', async () => {
    const more = { ...counts, atMost: fc.integer({ min: 1, max: 200 }) };
    await fc.assert(
      fc.asyncProperty(fc.record(more), async ({ posts, perPage, maxPosts, lookbackDays, maxPages, atMost }) => {
        const answer = growing(postsOf(posts), { posts: perPage, maxPosts: atMost });
        const real = await asked(answer, maxPosts, lookbackDays, maxPages);
        const planned = feed({ perPage, atMost, growth: 4 });
        expect(pagesOf(planned, reachOf(posts, maxPosts, lookbackDays), maxPages)).toEqual(real);
      }),
    );
  });

  it('is one page of a profile that was never read, and of a feed that shows no more', () => {
    const unread = { posts: null, recentPosts: null, maxPosts: null, oldestDays: null };
    expect(pagesOf(feed({}), unread, 100)).toEqual({ requests: 1, results: 20 });
    expect(pagesOf(feed({ growth: 4 }), unread, 100)).toEqual({ requests: 1, results: 20 });
    expect(pagesOf(feed({}), { ...unread, maxPosts: 5 }, 100)).toEqual({ requests: 1, results: 5 });
    expect(pagesOf(feed({ perPage: 12, atMost: 12 }), reachOf(500, null, null), 100)).toEqual({
      requests: 1,
      results: 12,
    });
  });

  it('is a request for every window of time, also for an empty one', () => {
    const year = { posts: 10, recentPosts: null, maxPosts: null, oldestDays: 365 };
    expect(pagesOf(feed({ perPage: 100, windowDays: 30 }), year, 100).requests).toBe(13);
    expect(pagesOf(feed({ perPage: 100, windowDays: 30 }), year, 5).requests).toBe(5);
    expect(pagesOf(feed({ perPage: 100, windowDays: 30 }), { ...year, oldestDays: -1 }, 5).requests).toBe(1);
  });
});
