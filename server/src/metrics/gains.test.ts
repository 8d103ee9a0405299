import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { history, level, type Reading, runsOf, start } from '../../test/support/histories.ts';
import { type Counters, mergeKnown, unknownCounters } from './counters.ts';
import { addGains, addKnown, countsFromZero, gainsOfReading } from './gains.ts';
import { type BookedDays, bookPostRuns, bookProfileRuns } from './history.ts';
import { continuesRun, dayOfNumber, utcDayNumber } from './runs.ts';

const dayMs = 86_400_000;

function bookedLive(readings: readonly Reading[], fromZero: boolean): BookedDays {
  const days: BookedDays = new Map();
  let known: Counters = unknownCounters;
  for (const { at, read } of readings) {
    const day = utcDayNumber(at);
    const gains = gainsOfReading(known, read, fromZero);
    const before = days.get(day);
    days.set(day, {
      followers: null,
      followersBefore: null,
      followersGained: null,
      gains: before ? addGains(before.gains, gains) : gains,
    });
    known = mergeKnown(known, read);
  }
  return days;
}

describe('gains', () => {
  it('the sum of day gains is the window figure and the difference of cumulative readings, for any window', () => {
    fc.assert(
      fc.property(history, fc.boolean(), fc.nat(150), fc.nat(150), (readings, fromZero, a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)].map((offset) => start / dayMs + offset) as [
          number,
          number,
        ];
        const days = bookedLive(readings, fromZero);
        for (let metric = 0; metric < 6; metric += 1) {
          let sum: number | null = null;
          for (let day = first; day <= last; day += 1) sum = addKnown(sum, days.get(day)?.gains[metric] ?? null);
          const difference =
            level(readings, metric, fromZero, (last + 1) * dayMs) - level(readings, metric, fromZero, first * dayMs);
          expect(sum ?? 0).toBe(difference);
        }
      }),
    );
  });

  it('a day is null for a metric exactly when no reading of that day gave it', () => {
    fc.assert(
      fc.property(history, fc.boolean(), (readings, fromZero) => {
        for (const [day, booked] of bookedLive(readings, fromZero)) {
          const ofDay = readings.filter((reading) => utcDayNumber(reading.at) === day);
          booked.gains.forEach((gain, metric) => {
            expect(gain === null).toBe(ofDay.every((reading) => reading.read[metric] === null));
          });
        }
      }),
    );
  });

  it('rows of runs rebuild the same days as the readings that made them', () => {
    fc.assert(
      fc.property(history, fc.boolean(), (readings, fromZero) => {
        const rebuilt: BookedDays = new Map();
        bookPostRuns(rebuilt, runsOf(readings), fromZero);
        expect([...rebuilt]).toEqual([...bookedLive(readings, fromZero)]);
      }),
    );
  });
});

describe('the worked example of the contract', () => {
  const views = (value: number): Counters => [value, ...unknownCounters.slice(1)];
  const at = (text: string): Date => new Date(`${text}Z`);
  const added = at('2026-03-02T09:00:00');
  const postA = [
    { at: at('2026-03-02T09:01:00'), read: views(1000) },
    { at: at('2026-03-02T20:00:00'), read: views(1040) },
    { at: at('2026-03-03T12:00:00'), read: views(1100) },
    { at: at('2026-03-05T12:00:00'), read: views(1090) },
    { at: at('2026-03-06T12:00:00'), read: views(1090) },
  ];
  const postB = [
    { at: at('2026-03-05T12:00:00'), read: views(300) },
    { at: at('2026-03-06T12:00:00'), read: views(450) },
  ];

  it('books 40, 60, null, 290, 150; 540 in all, 350 from 03-03 to 03-05', () => {
    const days: BookedDays = new Map();
    bookPostRuns(days, runsOf(postA), countsFromZero(at('2026-02-20T00:00:00'), added));
    bookPostRuns(days, runsOf(postB), countsFromZero(at('2026-03-04T08:00:00'), added));
    const viewsOf = new Map([...days].map(([day, booked]) => [dayOfNumber(day), booked.gains[0]]));
    expect(Object.fromEntries(viewsOf)).toEqual({
      '2026-03-02': 40,
      '2026-03-03': 60,
      '2026-03-05': 290,
      '2026-03-06': 150,
    });
    expect([...viewsOf.values()].reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(540);
  });
});

describe('a run of readings', () => {
  const open = { readAt: new Date(start), confirmedAt: new Date(start + dayMs), precision: 'exact', source: 's' };
  const next = { at: new Date(start + 2 * dayMs), precision: 'exact', source: 's', runBreakAt: null };

  it.each([
    ['goes on on the next UTC day', next, true],
    ['ends after a skipped day', { ...next, at: new Date(start + 3 * dayMs) }, false],
    ['ends when the source changes', { ...next, source: 'other' }, false],
    ['ends when exact becomes rounded', { ...next, precision: 'rounded' }, false],
    ['ends when who is looking changed since', { ...next, runBreakAt: open.confirmedAt }, false],
    ['goes on when that was before', { ...next, runBreakAt: new Date(start) }, true],
  ])('%s', (_, reading, expected) => {
    expect(continuesRun(open, reading)).toBe(expected);
  });
});

describe('countsFromZero', () => {
  it.each([
    [null, false],
    [new Date(start - 1), false],
    [new Date(start), true],
  ])('a post of %s when tracking began at the start: %s', (createTime, expected) => {
    expect(countsFromZero(createTime, new Date(start))).toBe(expected);
  });
});

it('a day of followers knows the level at the end of the last earlier day that has one, and the sum of its rises', () => {
  const at = (day: number, hour = 9) => new Date(start + day * dayMs + hour * 3_600_000);
  const run = (from: Date, to: Date, followers: number | null) => ({ readAt: from, confirmedAt: to, followers });
  const days: BookedDays = new Map();
  bookProfileRuns(days, [
    run(at(0), at(0), 100),
    run(at(0, 12), at(1), 110),
    run(at(2), at(2), null),
    run(at(3), at(3), 90),
    run(at(3, 12), at(3, 12), 95),
  ]);
  const first = start / dayMs;
  expect([0, 1, 2, 3].map((day) => days.get(first + day))).toMatchObject([
    { followers: 110, followersBefore: null, followersGained: 10 },
    { followers: 110, followersBefore: 110, followersGained: 0 },
    { followers: null, followersBefore: null, followersGained: null },
    { followers: 95, followersBefore: 110, followersGained: -15 },
  ]);
});
