import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { history, level, type Reading, runsOf, start } from '../../test/support/histories.ts';
import { type Counters, gainNames, unknownCounters } from './counters.ts';
import { type BookedDays, bookPostRuns, type PostRun } from './history.ts';
import { utcDayNumber } from './runs.ts';
import { type PostHolding, sharedPostCorrections } from './shared-posts.ts';

const dayMs = 86_400_000;
const days = Array.from({ length: 150 }, (_, i) => start / dayMs + i);

/** What the holders booked, corrected, on one day of one metric. */
function corrected(holdings: readonly PostHolding[]) {
  const booked: BookedDays = new Map();
  for (const { runs, countsFromZero } of holdings) bookPostRuns(booked, runs, countsFromZero);
  const corrections = sharedPostCorrections(holdings);
  return (day: number, metric: number) => (booked.get(day)?.gains[metric] ?? 0) + (corrections.get(day)?.[metric] ?? 0);
}

const gainOn = (readings: readonly Reading[], metric: number, fromZero: boolean, day: number) =>
  level(readings, metric, fromZero, (day + 1) * dayMs) - level(readings, metric, fromZero, day * dayMs);

const holding = (readings: readonly Reading[], countsFromZero: boolean, postId = 1): PostHolding => ({
  countsFromZero,
  runs: runsOf(readings).map((run) => ({ ...run, postId })),
});

/** Which of the readings each of some holders made: tracked from some point on, with pauses. */
const parts = fc.array(
  fc.record({ from: fc.nat(20), skips: fc.array(fc.boolean(), { maxLength: 40 }), zero: fc.boolean() }),
  {
    minLength: 1,
    maxLength: 4,
  },
);

interface Look extends Reading {
  profile: number;
}

/** Readings of a post in the feeds of two profiles, of few values: one shows again what it has shown while the other shows something else. */
const looks: fc.Arbitrary<Look[]> = fc
  .array(
    fc.record({ hours: fc.integer({ min: 1, max: 15 }), profile: fc.nat(1), views: fc.option(fc.nat(2), { freq: 6 }) }),
    {
      maxLength: 60,
    },
  )
  .map((steps) => {
    let at = start;
    return steps.map(({ hours, profile, views }) => {
      at += hours * 3_600_000;
      return { at: new Date(at), profile, read: [views, ...unknownCounters.slice(1)] };
    });
  });

/** As the collector writes them: runs, until a profile is read and it is known that the other one shows the post too; then a row for each. */
function rowsOf(own: readonly Reading[], sharedSince: number): PostRun[] {
  const known = own.findIndex(({ at }) => at.getTime() >= sharedSince);
  if (known === -1) return runsOf(own);
  const each = own.slice(known + 1).map(({ at, read }) => ({ readAt: at, confirmedAt: at, read }));
  return [...runsOf(own.slice(0, known + 1)), ...each];
}

function heldByTwo(all: readonly Look[], zeroA: boolean, zeroB: boolean): PostHolding[] {
  const own = [0, 1].map((profile) => all.filter((look) => look.profile === profile));
  const sharedSince = Math.max(...own.map((its) => its[0]?.at.getTime() ?? Number.POSITIVE_INFINITY));
  return own.map((its, i) => ({
    countsFromZero: i === 0 ? zeroA : zeroB,
    runs: rowsOf(its, sharedSince).map((run) => ({ ...run, postId: i + 1 })),
  }));
}

describe('a post that is held more than once', () => {
  it('gains what all its readings together say, each once, whoever made them', () => {
    fc.assert(
      fc.property(history, parts, (readings, held) => {
        // A run belongs to a holder as a whole, so no run may span a change of who looks: here each reading is a run.
        const runs = readings.map(({ at, read }) => ({ readAt: at, confirmedAt: at, read, postId: 1 }));
        const own = held.map(({ from, skips }) => runs.filter((_, i) => i >= from && skips[i] !== true));
        const holdings = own.map((its, h) => ({ runs: its, countsFromZero: held[h]?.zero ?? false }));
        const pooled = readings.filter((_, i) => own.some((its) => its.includes(runs[i] as (typeof runs)[number])));
        const fromZero = held.some(({ zero }) => zero);
        const sum = corrected(holdings);
        for (const day of days) {
          for (const metric of gainNames.keys()) expect(sum(day, metric)).toBe(gainOn(pooled, metric, fromZero, day));
        }
      }),
    );
  });

  it('and shown by two profiles is in step with its growing counters, runs or not', () => {
    const hours = fc.array(fc.integer({ min: 0, max: 60 * 24 }), { maxLength: 40 });
    const growth = fc.array(fc.nat(60 * 24), { maxLength: 6 });
    fc.assert(
      fc.property(hours, hours, growth, fc.boolean(), fc.boolean(), (ofOne, ofOther, rises, zeroA, zeroB) => {
        const count = (hour: number) => 100 + rises.filter((rise) => rise <= hour).length;
        const read = (hour: number): Counters => [count(hour), ...unknownCounters.slice(1)];
        const at = (hour: number) => new Date(start + hour * 3_600_000);
        const readingsAt = (hours: readonly number[]) =>
          [...new Set(hours)].sort((a, b) => a - b).map((hour) => ({ at: at(hour), read: read(hour) }));
        const sum = corrected([holding(readingsAt(ofOne), zeroA, 1), holding(readingsAt(ofOther), zeroB, 2)]);
        const pooled = readingsAt([...ofOne, ...ofOther]);
        for (const day of days) expect(sum(day, 0)).toBe(gainOn(pooled, 0, zeroA || zeroB, day));
      }),
    );
  });

  it('held once needs no correction', () => {
    fc.assert(
      fc.property(history, fc.boolean(), (readings, zero) => {
        expect(sharedPostCorrections([holding(readings, zero)])).toEqual(new Map());
      }),
    );
  });

  it('and shown by two profiles is in step with all their readings, falls too, once it is known to both', () => {
    fc.assert(
      fc.property(looks, fc.boolean(), fc.boolean(), (all, zeroA, zeroB) => {
        const sum = corrected(heldByTwo(all, zeroA, zeroB));
        for (const day of days) expect(sum(day, 0)).toBe(gainOn(all, 0, zeroA || zeroB, day));
      }),
    );
  });

  it('a later reading never changes an earlier day', () => {
    fc.assert(
      fc.property(looks, fc.nat(40), fc.boolean(), (all, cut, zero) => {
        const until = all[cut]?.at.getTime() ?? start;
        const [early, late] = [all.slice(0, cut), all].map((some) => corrected(heldByTwo(some, zero, zero)));
        for (const day of days.filter((day) => day < utcDayNumber(new Date(until))))
          expect(late?.(day, 0)).toBe(early?.(day, 0));
      }),
    );
  });

  it('counts a post in a feed and on its own once: the second holder starts at its first reading', () => {
    const views = (value: number): Counters => [value, ...unknownCounters.slice(1)];
    const at = (day: number) => new Date(start + day * dayMs + 9 * 3_600_000);
    const readings = [100, 150, 180, 260].map((value, day) => ({ at: at(day), read: views(value) }));
    const inFeed = holding(readings, true);
    const onItsOwn = holding(readings.slice(2), false);
    const first = start / dayMs;
    expect([...sharedPostCorrections([inFeed, onItsOwn])]).toEqual([[first + 3, [-80, 0, 0, 0, 0, 0]]]);
  });
});
