import { describe, expect, it } from 'vitest';
import { overviewChange, overviewOf } from './overview.ts';

describe('the change of an overview figure', () => {
  it.each([
    [0, 0, 0],
    [5, 0, null],
    [-5, 0, null],
    [0, 4, -100],
    [3, 4, -25],
    [3, -4, 175],
    [1.5, 1, 50],
  ])('%d after %d: %s', (current, previous, expected) => {
    expect(overviewChange(current, previous)).toBe(expected);
  });
});

describe('an overview', () => {
  const window = { start: '2026-03-08', end: '2026-03-14', days: 7 };
  const nothing = { active_accounts: 0, account_videos: 0, tracked_videos: 0 };
  const unknown = { wasRead: false, followers: null, hasSaves: false };
  const unread = { views: null, plays: null, likes: null, comments: null, shares: null, saves: null, followers: null };
  const day = (date: string, columns: object) => ({
    day: date,
    ...unread,
    ...columns,
  });

  it('is 0 throughout where nothing is known', () => {
    const overview = overviewOf([], window, unknown, { current: nothing, previous: nothing });
    const figures = { total_views: 0, engagement_rate: 0, ...nothing };
    expect(overview).toMatchObject({ current: figures, previous: figures, views: 0, likes: 0, followers: 0 });
    expect(new Set(Object.values(overview.changes))).toEqual(new Set([0]));
  });

  it('compares the window with the one before, which ends the day before it begins', () => {
    const rows = [
      day('2026-03-01', { views: 100, likes: 5, followers: 10 }),
      day('2026-03-07', { views: 100, comments: 5 }),
      day('2026-03-08', { views: 30, likes: 1, shares: 2, followers: 12 }),
      day('2026-03-14', { views: 20 }),
    ];
    const counts = {
      current: { active_accounts: 3, account_videos: 8, tracked_videos: 1 },
      previous: { active_accounts: 4, account_videos: 0, tracked_videos: 1 },
    };
    expect(overviewOf(rows, window, unknown, counts)).toEqual({
      current: { total_views: 50, engagement_rate: 6, ...counts.current },
      previous: { total_views: 200, engagement_rate: 5, ...counts.previous },
      changes: {
        total_views_pct: -75,
        engagement_rate_pct: 20,
        active_accounts_pct: -25,
        account_videos_pct: null,
        tracked_videos_pct: 0,
      },
      views: 50,
      likes: 1,
      comments: 0,
      shares: 2,
      followers: 12,
    });
  });

  it('carries the level of followers over windows in which no profile was read', () => {
    const before = { ...unknown, followers: 7 };
    const counts = { current: nothing, previous: nothing };
    expect(overviewOf([], window, before, counts).followers).toBe(7);
    const rows = [day('2026-03-02', { followers: 9 })];
    expect(overviewOf(rows, window, before, counts).followers).toBe(9);
  });
});
