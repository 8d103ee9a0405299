import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Load,
  loadOfPosts,
  loadOfProfiles,
  partOfLimit,
  type PlannedPrice,
  type PlannedProfile,
  sumOfLoads,
} from './collection-plan.ts';

const price = (rest: Partial<PlannedPrice> = {}): PlannedPrice => ({
  feed: { perPage: 20, atMost: null, growth: null, windowDays: null },
  requestsPerProfile: 1,
  requestsPerPage: 1,
  unitsPerProfile: 1,
  unitsPerPage: 1,
  unitsPerResult: 0,
  unitsPerSighting: 1,
  unitsPerPost: 1,
  usdPerUnit: 0.002,
  ...rest,
});

const profile = (rest: Partial<PlannedProfile> = {}): PlannedProfile => ({
  intervalHours: 24,
  isUnavailable: false,
  posts: 50,
  recentPosts: null,
  maxPosts: null,
  oldestDays: null,
  ...rest,
});

const anyProfile = fc.record({
  intervalHours: fc.integer({ min: 6, max: 720 }),
  isUnavailable: fc.boolean(),
  posts: fc.option(fc.nat({ max: 3000 })),
  recentPosts: fc.option(fc.nat({ max: 300 })),
  maxPosts: fc.option(fc.integer({ min: 1, max: 5000 })),
  oldestDays: fc.option(fc.nat({ max: 3000 })),
});
const anyProfiles = fc.array(anyProfile, { maxLength: 20 });

describe('a month of refreshes', () => {
  it('is 30 days of intervals that are 2.5 % short on average: by hand', () => {
    // 30 / 0.975 refreshes of 1 + 3 requests.
    expect(loadOfProfiles(price(), [profile()], 100)).toEqual({
      refreshes: 31,
      requests: 124,
      units: 124,
      usd: 0.248,
    });
    expect(loadOfPosts(price(), [{ intervalHours: 6, isUnavailable: false }])).toMatchObject({
      requests: 124,
      units: 124,
    });
  });

  it('counts results where those are charged', () => {
    const byResult = price({ unitsPerPage: 0, unitsPerResult: 1 });
    expect(loadOfProfiles(byResult, [profile()], 100)).toMatchObject({
      requests: 124,
      units: Math.ceil((30 / 0.975) * 51),
    });
  });

  it('asks once, and twice a day, for who is out of reach', () => {
    const gone = profile({ isUnavailable: true, intervalHours: 240 });
    expect(loadOfProfiles(price(), [gone], 100)).toMatchObject({ refreshes: 62, requests: 62 });
  });

  it('never costs less for one profile more, for a shorter interval, or for more posts', () => {
    fc.assert(
      fc.property(anyProfiles, anyProfile, fc.nat({ max: 100 }), (profiles, one, more) => {
        const load = (list: readonly PlannedProfile[]) => loadOfProfiles(price(), list, 100);
        const before = load([...profiles, one]);
        const isAtLeast = (after: Load) => {
          expect(after.requests).toBeGreaterThanOrEqual(before.requests);
          expect(after.units).toBeGreaterThanOrEqual(before.units);
          expect(after.usd ?? -1).toBeGreaterThanOrEqual(before.usd ?? 0);
        };
        isAtLeast(load([...profiles, one, profile()]));
        isAtLeast(load([...profiles, { ...one, intervalHours: Math.max(6, one.intervalHours - more) }]));
        if (one.posts !== null) isAtLeast(load([...profiles, { ...one, posts: one.posts + more }]));
      }),
    );
  });

  it('is bounded by the pages of a refresh, and is no less than one request each', () => {
    fc.assert(
      fc.property(anyProfiles, fc.integer({ min: 1, max: 50 }), (profiles, maxPages) => {
        const { requests, refreshes } = loadOfProfiles(price(), profiles, maxPages);
        expect(requests).toBeGreaterThanOrEqual(refreshes);
        expect(requests).toBeLessThanOrEqual(refreshes * (1 + maxPages));
      }),
    );
  });

  it('has no cost where the price is unknown, and none to pay where nothing is asked', () => {
    const unknown = price({ usdPerUnit: null });
    expect(loadOfProfiles(unknown, [profile()], 100).usd).toBeNull();
    expect(loadOfProfiles(unknown, [], 100).usd).toBe(0);
    expect(loadOfPosts(price({ unitsPerPost: null }), [])).toBeNull();
    const loads = [loadOfProfiles(price(), [profile()], 100), loadOfProfiles(unknown, [profile()], 100)];
    expect(sumOfLoads(loads)).toMatchObject({ requests: 248, usd: null });
  });
});

it('says which part of a limit is used up', () => {
  const load = { requests: 144_000, units: 300, usd: 10 };
  expect(partOfLimit({ of: 'requests', amount: 200, per: 'hour' }, load)).toBe(1);
  expect(partOfLimit({ of: 'requests', amount: 10, per: 'minute' }, load)).toBeCloseTo(1 / 3);
  expect(partOfLimit({ of: 'units', amount: 5, per: 'day' }, load)).toBe(2);
  expect(partOfLimit({ of: 'usd', amount: 5, per: 'month' }, load)).toBe(2);
  expect(partOfLimit({ of: 'usd', amount: 5, per: 'month' }, { ...load, usd: null })).toBeNull();
});
