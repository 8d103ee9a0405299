import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areDoubtful, fallsOf, isConfirmed } from './falls.ts';

const fallTo = (now: number) => ({ index: 0, now, lastKnown: 100_000 });
const start = new Date('2026-03-02T09:00:00Z').getTime();
const hour = (hours: number) => new Date(start + hours * 3_600_000);

describe('a fall', () => {
  it.each([
    [100, 49, true],
    [100, 50, false],
    [99, 1, false],
    [3, 1, false],
    [100_000, 0, true],
    [null, 0, false],
    [100, null, false],
  ])('from %j to %j is doubtful: %j', (known, read, isDoubtful) => {
    expect(areDoubtful(fallsOf([known], [read]))).toBe(isDoubtful);
  });

  it('of a small counter is doubtful beside that of a large one', () => {
    expect(fallsOf([50_000, 900, 30], [400, 800, 3]).map(({ index }) => index)).toEqual([0, 2]);
  });
});

describe('a fall is confirmed', () => {
  it.each([
    ['by nothing before it', '', 48, false],
    ['by one reading only', '0h 1000', 48, false],
    ['by two that agree, a day ago and since', '0h 1000, 12h 990', 24, true],
    ['by many within less than a day', '0h 1000, 1h 1000, 2h 1000, 23h 1000', 23.9, false],
    ['by what agrees since another value', '0h 1000, 24h 9, 48h 1000', 72, false],
    ['by 0', '0h 0, 24h 0', 48, false],
  ])('%s: %s', (_, before, hours, isTrue) => {
    const refused = Array.from(before.matchAll(/(\d+)h (\d+)/g), ([, at, value]) => ({
      at: hour(Number(at)),
      value: Number(value),
    }));
    expect(isConfirmed(fallTo(1000), refused, hour(hours))).toBe(isTrue);
  });

  it('sooner or later when the readings agree, however often they come, and never within a day', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 30, noNaN: true }), { minLength: 60, maxLength: 60 }),
        fc.integer({ min: 0, max: 40_000 }),
        (gaps, now) => {
          const refused: { at: Date; value: number }[] = [];
          let hours = 0;
          for (const gap of gaps) {
            const isEnough = isConfirmed(fallTo(now), refused, hour(hours));
            expect(isEnough).toBe(refused.length >= 2 && hour(hours).getTime() - start >= 24 * 3_600_000);
            if (isEnough) return;
            refused.push({ at: hour(hours), value: now });
            hours += gap;
          }
        },
      ),
    );
  });
});
