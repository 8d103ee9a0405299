import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { history, level, runsOf, start } from '../../test/support/histories.ts';
import { type Counters, unknownCounters } from './counters.ts';
import { addDays, type Day, startOfDay } from './days.ts';
import { windowFigures } from './figures.ts';
import { gainOfWindow, type Levels } from './gains.ts';
import { type BookedDays, bookPostRuns, type PostRun } from './history.ts';
import { gainRow, type PostHistory, postDayRows } from './post-days.ts';
import { dayOfNumber, utcDay } from './runs.ts';

const span = fc.tuple(fc.integer({ min: -5, max: 140 }), fc.nat(60)).map(([first, length]): [Day, Day] => {
  const from = addDays(utcDay(new Date(start)), first);
  return [from, addDays(from, length)];
});
const nothing = { wasRead: false, followers: null, hasSaves: false };
const sumNames = ['views', 'plays', 'likes', 'comments', 'shares', 'saves'] as const;

/** What a loader hands over: nothing that ended before the span but what was known then. */
function loaded(runs: readonly PostRun[], countsFromZero: boolean, [from, to]: [Day, Day]): PostHistory {
  const start = startOfDay(from);
  const end = startOfDay(addDays(to, 1));
  return {
    known: unknownCounters.map((_, i) => lastKnown(runs, i, start)),
    runs: runs.filter((run) => run.confirmedAt >= start && run.readAt < end),
    countsFromZero,
  };
}

function lastKnown(runs: readonly PostRun[], metric: number, before: Date): number | null {
  return runs.findLast((run) => run.readAt < before && (run.read[metric] ?? null) !== null)?.read[metric] ?? null;
}

function levelsOf(runs: readonly PostRun[], metric: number, [from, to]: [Day, Day]): Levels {
  return {
    before: lastKnown(runs, metric, startOfDay(from)),
    last: lastKnown(runs, metric, startOfDay(addDays(to, 1))),
    first: runs.find((run) => (run.read[metric] ?? null) !== null)?.read[metric] ?? null,
  };
}

describe('the days of a post', () => {
  test('from as much as a window needs are those of its whole history', () => {
    fc.assert(
      fc.property(history, fc.boolean(), span, (readings, fromZero, [from, to]) => {
        const runs = runsOf(readings);
        const all: BookedDays = new Map();
        bookPostRuns(all, runs, fromZero);
        const expected = [...all]
          .map(([day, { gains }]) => ({ day: dayOfNumber(day), ...gainRow(gains) }))
          .filter(({ day }) => day >= from && day <= to);
        expect(postDayRows(loaded(runs, fromZero, [from, to]), from, to)).toEqual(expected);
      }),
    );
  });

  test('sum to the window figure, which is the difference of cumulative readings', () => {
    fc.assert(
      fc.property(history, fc.boolean(), span, (readings, fromZero, [from, to]) => {
        const runs = runsOf(readings);
        const rows = postDayRows(loaded(runs, fromZero, [from, to]), from, to);
        const gains = sumNames.map((_, i) => gainOfWindow(levelsOf(runs, i, [from, to]), fromZero));
        const [start, end] = [startOfDay(from).getTime(), startOfDay(addDays(to, 1)).getTime()];
        expect(windowFigures([gainRow(gains)], { ...nothing, hasSaves: true })).toEqual(
          windowFigures(rows, { ...nothing, hasSaves: true }),
        );
        sumNames.forEach((name, i) => {
          const sum = rows.reduce((total, row) => total + (row[name] ?? 0), 0);
          expect(sum).toBe(gains[i] ?? 0);
          expect(sum).toBe(level(readings, i, fromZero, end) - level(readings, i, fromZero, start));
        });
      }),
    );
  });

  test('a run that began long before gains nothing on its later days, and a day without a reading has no row', () => {
    const views = (value: number): Counters => [value, ...unknownCounters.slice(1)];
    const at = (text: string): Date => new Date(`${text}T10:00:00Z`);
    const runs = [
      { readAt: at('2026-01-01'), confirmedAt: at('2026-03-03'), read: views(70) },
      { readAt: at('2026-03-05'), confirmedAt: at('2026-03-09'), read: views(60) },
    ];
    const rows = postDayRows({ known: views(70), runs, countsFromZero: false }, '2026-03-02', '2026-03-06');
    expect(rows.map(({ day, views: gained, likes }) => [day, gained, likes])).toEqual([
      ['2026-03-02', 0, null],
      ['2026-03-03', 0, null],
      ['2026-03-05', -10, null],
      ['2026-03-06', 0, null],
    ]);
  });
});

describe('the gain of a window', () => {
  test.each([
    ['nothing was ever read', { before: null, last: null, first: null }, null, null],
    ['the first reading is in it', { before: null, last: 40, first: 10 }, 30, 40],
    ['only one reading', { before: null, last: 10, first: 10 }, 0, 10],
    ['readings before and in it', { before: 50, last: 40, first: 10 }, -10, -10],
    ['no reading in it', { before: 50, last: 50, first: 10 }, 0, 0],
  ])('%s', (_, levels, existedBefore, publishedLater) => {
    expect(gainOfWindow(levels, false)).toBe(existedBefore);
    expect(gainOfWindow(levels, true)).toBe(publishedLater);
  });
});
