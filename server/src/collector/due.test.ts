import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDueAt, nextSightingAt } from './due.ts';
import { judgeSighting } from './sighting.ts';

const now = new Date('2026-03-02T09:00:00Z');
const hourMs = 3_600_000;
const hoursUntil = (due: Date | null): number => ((due?.getTime() ?? Number.NaN) - now.getTime()) / hourMs;

describe('the next due time', () => {
  it('after a success keeps the promise of the interval, and spreads profiles over its last twentieth', () => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.integer({ min: 6, max: 720 }), (seed, intervalHours) => {
        const hours = hoursUntil(nextDueAt({ seed, intervalHours, failureCount: 0 }, now, null));
        expect(hours).toBeGreaterThan(intervalHours * 0.949);
        expect(hours).toBeLessThanOrEqual(intervalHours);
        seen.add(hours / intervalHours);
      }),
    );
    expect(seen.size).toBeGreaterThan(50);
  });

  it('after failures grows, and never beyond the interval', () => {
    const waits = Array.from({ length: 12 }, (_, failureCount) =>
      hoursUntil(nextDueAt({ seed: 1, intervalHours: 6, failureCount }, now, { code: 'transient', message: '' })),
    );
    for (let i = 1; i < waits.length; i += 1) expect(waits[i]).toBeGreaterThanOrEqual(waits[i - 1] ?? 0);
    expect(waits[0]).toBeLessThan(0.03);
    expect(waits.at(-1)).toBe(6);
  });

  it('waits as long as the source asks', () => {
    const asked = { code: 'rate_limited', message: '', retryAfterMs: 2 * hourMs } as const;
    const hours = hoursUntil(nextDueAt({ seed: 1, intervalHours: 24, failureCount: 0 }, now, asked));
    expect(hours).toBeGreaterThanOrEqual(2);
    expect(hours).toBeLessThan(2.1);
    const renewed = { code: 'quota_exhausted', message: '', resetAt: new Date(now.getTime() + 5 * hourMs) } as const;
    expect(hoursUntil(nextDueAt({ seed: 1, intervalHours: 24, failureCount: 0 }, now, renewed))).toBeGreaterThanOrEqual(
      5,
    );
  });

  it('is at most a day away, whatever the source asks', () => {
    const asked = { code: 'rate_limited', message: '', retryAfterMs: 7 * 24 * hourMs } as const;
    expect(hoursUntil(nextDueAt({ seed: 1, intervalHours: 720, failureCount: 0 }, now, asked))).toBe(24);
  });

  it.each([
    [6, 6],
    [12, 12],
    [24, 12],
    [720, 12],
  ])('of a profile out of reach that is due every %i hours comes within %i', (intervalHours, expected) => {
    const hours = hoursUntil(nextSightingAt({ seed: 1, intervalHours, failureCount: 0 }, now));
    expect(hours).toBeGreaterThanOrEqual(expected);
    expect(hours).toBeLessThanOrEqual(expected * 1.05);
  });

  it('is never when nobody looks', () => {
    expect(nextDueAt({ seed: 1, intervalHours: null, failureCount: 0 }, now, null)).toBeNull();
    expect(nextSightingAt({ seed: 1, intervalHours: null, failureCount: 0 }, now)).toBeNull();
  });
});

describe('a profile that may be gone', () => {
  const fresh = { isRead: false, notFoundCount: 0, notFoundSince: null, isUnavailable: false };
  const known = { ...fresh, isRead: true };
  const later = (hours: number): Date => new Date(now.getTime() + hours * hourMs);

  it('is unavailable at once when private, and when its very first refresh finds nothing', () => {
    expect(judgeSighting(known, 'private', now).isUnavailable).toBe(true);
    expect(judgeSighting(fresh, 'not_found', now).isUnavailable).toBe(true);
  });

  it('later takes three sightings over 24 hours', () => {
    const first = judgeSighting(known, 'not_found', now);
    const second = judgeSighting({ ...known, ...first }, 'not_found', later(12));
    const tooSoon = judgeSighting({ ...known, ...second }, 'not_found', later(23));
    const third = judgeSighting({ ...known, ...second }, 'not_found', later(24));
    expect([first, second, tooSoon, third].map((seen) => seen.isUnavailable)).toEqual([false, false, false, true]);
  });

  it('is neither proved nor disproved by a failure of the source', () => {
    const first = judgeSighting(known, 'not_found', now);
    expect(judgeSighting({ ...known, ...first }, 'transient', later(1))).toEqual(first);
  });
});
