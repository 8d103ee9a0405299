import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { history, level, type Reading, runsOf, start } from '../../test/support/histories.ts';
import { type Counters, gainNames, unknownCounters } from './counters.ts';
import { type BookedDays, bookPostRuns } from './history.ts';
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
    const looks = fc.array(fc.integer({ min: 0, max: 60 * 24 }), { maxLength: 40 });
    const growth = fc.array(fc.nat(60 * 24), { maxLength: 6 });
    fc.assert(
      fc.property(looks, looks, growth, fc.boolean(), fc.boolean(), (ofOne, ofOther, rises, zeroA, zeroB) => {
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

  it('a later reading never changes an earlier day', () => {
    fc.assert(
      fc.property(history, history, fc.nat(40), (one, other, cut) => {
        const until = (one[cut] ?? one.at(-1))?.at.getTime() ?? start;
        const upTo = (readings: readonly Reading[]) => readings.filter(({ at }) => at.getTime() < until);
        const early = corrected([holding(upTo(one), false, 1), holding(upTo(other), false, 2)]);
        const late = corrected([holding(one, false, 1), holding(other, false, 2)]);
        for (const day of days.filter((day) => day < utcDayNumber(new Date(until)))) {
          for (const metric of gainNames.keys()) expect(late(day, metric)).toBe(early(day, metric));
        }
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
