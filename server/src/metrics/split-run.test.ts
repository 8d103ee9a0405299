import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysOfRun } from './runs.ts';
import { splitRun } from './split-run.ts';

const at = (text: string): Date => new Date(`2026-03-${text}Z`);
const shown = (pieces: { readAt: Date; confirmedAt: Date }[]): string[] =>
  pieces.map(
    ({ readAt, confirmedAt }) => `${readAt.toISOString().slice(8, 16)} ${confirmedAt.toISOString().slice(8, 16)}`,
  );

describe('splitRun', () => {
  const run = { readAt: at('01T10:00'), confirmedAt: at('05T12:00') };

  it('leaves the first and the last moment, and the days between them', () => {
    expect(shown(splitRun(run, [at('03T15:00')]))).toEqual(['01T10:00 03T00:00', '04T00:00 05T12:00']);
    expect(shown(splitRun(run, [at('01T15:00')]))).toEqual(['01T10:00 01T10:00', '02T00:00 05T12:00']);
    expect(shown(splitRun(run, [at('05T09:00')]))).toEqual(['01T10:00 05T00:00', '05T12:00 05T12:00']);
    expect(shown(splitRun(run, [at('05T12:00')]))).toEqual(['01T10:00 05T00:00', '05T12:00 05T12:00']);
    expect(shown(splitRun(run, [at('01T10:00'), at('06T00:00')]))).toEqual(['01T10:00 05T12:00']);
  });

  it('lets the run go on after what was read as its day began', () => {
    expect(shown(splitRun(run, [at('03T00:00')]))).toEqual(['01T10:00 02T00:00', '03T00:00 05T12:00']);
    expect(splitRun(run, [at('03T00:00')])[1]?.readAt).toEqual(at('03T00:00:00.001'));
  });

  const hour = 3_600_000;
  const start = Date.UTC(2026, 2, 1);
  const time = fc.integer({ min: 0, max: 14 * 24 }).map((hours) => new Date(start + hours * hour));

  it('loses no day, keeps the order, touches no other reading, and does not depend on the order of splits', () => {
    fc.assert(
      fc.property(time, time, fc.uniqueArray(time, { maxLength: 8, selector: Number }), (a, b, times) => {
        const whole = { readAt: a < b ? a : b, confirmedAt: a < b ? b : a };
        const sorted = times.toSorted((x, y) => Number(x) - Number(y));
        const pieces = splitRun(whole, sorted);
        expect([pieces[0]?.readAt, pieces.at(-1)?.confirmedAt]).toEqual([whole.readAt, whole.confirmedAt]);
        for (const [i, piece] of pieces.entries()) {
          expect(piece.confirmedAt.getTime()).toBeGreaterThanOrEqual(piece.readAt.getTime());
          const next = pieces[i + 1];
          if (next) expect(next.readAt.getTime()).toBeGreaterThan(piece.confirmedAt.getTime());
          const within = sorted.filter((t) => t > piece.readAt && t < piece.confirmedAt);
          expect(within).toEqual([]);
        }
        const read = new Set([
          ...pieces.flatMap(daysOfRun),
          ...sorted.flatMap((t) => daysOfRun({ readAt: t, confirmedAt: t })),
        ]);
        expect(daysOfRun(whole).filter((day) => !read.has(day))).toEqual([]);
        const oneByOne = times.reduce((all, t) => all.flatMap((piece) => splitRun(piece, [t])), [whole]);
        expect(oneByOne).toEqual(pieces);
      }),
      { numRuns: 2_000 },
    );
  });
});
