import { describe, expect, it } from 'vitest';
import type { PlannedPrice } from './collection-plan.ts';
import { type PlannedSet, type PlannedSource, planOf } from './plan-of-sources.ts';

const price = (usdPerUnit: number | null, unitsPerPost: number | null = 1): PlannedPrice => ({
  feed: { perPage: 50, atMost: null, growth: null, windowDays: null },
  requestsPerProfile: 1,
  requestsPerPage: 1,
  unitsPerProfile: 1,
  unitsPerPage: 1,
  unitsPerResult: 0,
  unitsPerSighting: 1,
  unitsPerPost,
  usdPerUnit,
});

const source = (
  name: string,
  platforms: Record<string, PlannedPrice>,
  limits: PlannedSource['limits'] = [],
): PlannedSource => ({
  name,
  unit: 'request',
  note: '',
  platforms: new Map(Object.entries(platforms)),
  limits,
});

const look = { intervalHours: 24 / 0.975, isUnavailable: false };
const profile = { ...look, posts: 10, recentPosts: null, maxPosts: null, oldestDays: null };
const set: PlannedSet = {
  profiles: [
    { ...profile, platform: 'instagram' },
    { ...profile, platform: 'tiktok' },
  ],
  posts: [{ ...look, platform: 'instagram' }],
};

describe('the plan of several sources', () => {
  it('asks the first that can, prices the others as if they had to do all, and sums up the first ones', () => {
    const free = source('free', { instagram: price(0, null) }, [{ of: 'requests', amount: 1, per: 'day' }]);
    const paid = source('paid', { instagram: price(0.5), tiktok: price(0.5) });
    const plan = planOf([free, paid], set, 100);
    expect(plan.rows.map((row) => [row.source, row.platform, row.read, row.isFirst, row.load.requests])).toEqual([
      ['free', 'instagram', 'profiles', true, 60],
      ['paid', 'instagram', 'profiles', false, 60],
      ['paid', 'instagram', 'posts', true, 30],
      ['paid', 'tiktok', 'profiles', true, 60],
    ]);
    expect(plan.total).toEqual({ requests: 150, usd: 45, knownUsd: 45 });
    expect(plan.limits).toEqual([{ source: 'free', limit: free.limits[0], part: 2 }]);
    expect(plan.unread).toEqual([]);
  });

  it('names what no source reads, and never calls an unknown cost 0', () => {
    const plan = planOf([source('only', { instagram: price(null, null) })], set, 100);
    expect(plan.unread).toEqual([
      { platform: 'instagram', read: 'posts', count: 1 },
      { platform: 'tiktok', read: 'profiles', count: 1 },
    ]);
    expect(plan.total).toEqual({ requests: 60, usd: null, knownUsd: 0 });
  });
});
