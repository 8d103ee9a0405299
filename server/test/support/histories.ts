import fc from 'fast-check';
import { type Counters, sameCounters, unknownCounters } from '../../src/metrics/counters.ts';
import type { PostRun } from '../../src/metrics/history.ts';
import { continuesRun } from '../../src/metrics/runs.ts';

/** Every history begins after this moment. */
export const start: number = Date.UTC(2026, 2, 1);

export interface Reading {
  at: Date;
  read: Counters;
}

/** Readings of one post: any times (gaps, several a day), any counters (corrections, hidden ones). */
export const history: fc.Arbitrary<Reading[]> = fc
  .array(
    fc.record({
      hoursLater: fc.integer({ min: 1, max: 80 }),
      read: fc.tuple(...unknownCounters.map(() => fc.option(fc.integer({ min: 0, max: 1_000_000 }), { freq: 4 }))),
      repeats: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let at = start;
    let last: Counters | null = null;
    return steps.map((step) => {
      at += step.hoursLater * 3_600_000;
      const read: Counters = step.repeats && last ? last : step.read;
      last = read;
      return { at: new Date(at), read };
    });
  });

/** The contract's definition, word for word: L(t) = last reading at or before t, or the baseline. */
export function level(readings: readonly Reading[], metric: number, fromZero: boolean, until: number): number {
  const known = readings.filter((reading) => reading.read[metric] !== null);
  const first = known[0]?.read[metric] ?? 0;
  const upTo = known.filter((reading) => reading.at.getTime() < until);
  return upTo.at(-1)?.read[metric] ?? (fromZero ? 0 : first);
}

/** Books readings as they come in, run by run, as the collector writes them. */
export function runsOf(readings: readonly Reading[]): PostRun[] {
  const runs: (PostRun & { precision: string; source: string })[] = [];
  for (const { at, read } of readings) {
    const open = runs.at(-1);
    const reading = { at, precision: 'exact', source: 'test', runBreakAt: null };
    if (open && sameCounters(open.read, read) && continuesRun(open, reading)) open.confirmedAt = at;
    else runs.push({ readAt: at, confirmedAt: at, read, precision: 'exact', source: 'test' });
  }
  return runs;
}
