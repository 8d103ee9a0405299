import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from './days.ts';
import { compareWindows, windowFigures } from './figures.ts';
import { addKnown } from './gains.ts';
import { assembleSeries, type DayRow, figureNames, splitSeries, unknownFigures } from './series.ts';

const start = '2026-03-01';
const window = { start, end: '2026-03-05', days: 5 };
const unread = { views: null, plays: null, likes: null, comments: null, shares: null, saves: null, followers: null };
const nothing = { wasRead: false, followers: null, hasSaves: false };
const row = (day: string, figures: Partial<DayRow>): DayRow => ({ ...unread, day, ...figures });

const gain = fc.option(fc.integer({ min: -1000, max: 100_000 }), { nil: null });
const level = fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: null });
const figures = fc.record({
  views: gain,
  plays: gain,
  likes: gain,
  comments: gain,
  shares: gain,
  saves: gain,
  followers: level,
});
/** Rows on some of the ten days of both windows. */
const history = fc
  .array(fc.option(figures, { nil: null }), { minLength: 10, maxLength: 10 })
  .map((days) => days.flatMap((day, i) => (day === null ? [] : [{ ...day, day: addDays(start, i - 5) }])));

describe('a series', () => {
  test('begins with the first reading and ends with the window; a day without a reading is null throughout', () => {
    const rows = [row('2026-03-02', { views: 10, likes: 1 }), row('2026-03-04', { views: -3, followers: 7 })];
    expect(assembleSeries(rows, window)).toEqual([
      { date: '2026-03-02', ...unknownFigures, views: 10, likes: 1, engagement: 1, engagement_rate: 10 },
      { date: '2026-03-03', ...unknownFigures },
      { date: '2026-03-04', ...unknownFigures, views: -3, followers: 7 },
      { date: '2026-03-05', ...unknownFigures },
    ]);
  });

  test('without a reading is empty', () => {
    expect(assembleSeries([], window)).toEqual([]);
  });

  test('split by figure has the same dates and values', () => {
    const points = assembleSeries([row('2026-03-04', { views: 5, comments: 2 })], window);
    const daily = splitSeries(points);
    expect(Object.keys(daily)).toEqual([...figureNames]);
    expect(daily.engagement_rate).toEqual([
      { date: '2026-03-04', value: 40 },
      { date: '2026-03-05', value: null },
    ]);
  });
});

describe('window figures', () => {
  test('are 0 when nothing was read; saves and followers are then unknown', () => {
    expect(windowFigures([], nothing)).toEqual({
      ...unknownFigures,
      views: 0,
      plays: 0,
      likes: 0,
      comments: 0,
      shares: 0,
      engagement: 0,
    });
    expect(windowFigures([], { followers: 9, hasSaves: true })).toMatchObject({ followers: 9, saves: 0 });
  });

  test('are the sums of the days, always', () => {
    fc.assert(
      fc.property(history, (rows) => {
        const current = rows.filter((each) => each.day >= start);
        const total = windowFigures(current, nothing);
        const points = assembleSeries(current, window);
        for (const name of ['views', 'plays', 'likes', 'comments', 'shares', 'engagement'] as const) {
          expect(total[name]).toBe(points.reduce((sum, point) => sum + (point[name] ?? 0), 0));
        }
        expect(total.saves).toBe(points.reduce<number | null>((sum, point) => addKnown(sum, point.saves), null));
        expect(total.followers).toBe(points.findLast((point) => point.followers !== null)?.followers ?? null);
      }),
    );
  });
});

describe('a comparison', () => {
  test('knows nothing of a previous window before any reading', () => {
    const { previous, changes, current } = compareWindows([row('2026-03-03', { views: 4 })], window, nothing);
    expect(current.views).toBe(4);
    expect(previous).toEqual(unknownFigures);
    expect(Object.values(changes).every((change) => change === null)).toBe(true);
  });

  test('takes an unread previous window as 0 when something was read before it', () => {
    const before = { wasRead: true, followers: 50, hasSaves: true };
    const { previous, changes } = compareWindows([row('2026-03-03', { views: 4, followers: 75 })], window, before);
    expect(previous).toMatchObject({ views: 0, saves: 0, followers: 50, engagement: 0, engagement_rate: null });
    expect(changes).toMatchObject({ views_pct: null, followers_pct: 50 });
  });

  test('compares each window with the sums of its own days; the level is carried over', () => {
    fc.assert(
      fc.property(history, level, (rows, followers) => {
        const { current, previous } = compareWindows(rows, window, { wasRead: true, followers, hasSaves: false });
        const sum = (from: string, to: string) =>
          rows
            .filter((each) => each.day >= from && each.day <= to)
            .reduce((total, each) => total + (each.views ?? 0), 0);
        expect(current.views).toBe(sum('2026-03-01', '2026-03-05'));
        expect(previous.views).toBe(sum('2026-02-24', '2026-02-28'));
        const known = rows.filter((each) => each.followers !== null);
        expect(current.followers).toBe(known.at(-1)?.followers ?? followers);
      }),
    );
  });
});
