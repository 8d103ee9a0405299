import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDailyAllowance, nextUtcDay } from './daily-allowance.ts';

const noon = new Date('2026-11-05T12:00:00Z');
const tomorrow = new Date('2026-11-06T00:00:00Z');

describe('a daily allowance', () => {
  it('refuses before it is exceeded, until the UTC day is over', () => {
    const allowance = createDailyAllowance(3, 'requests');
    expect([1, 2].map((units) => allowance.take(units, noon).ok)).toEqual([true, true]);
    expect(allowance.take(1, noon)).toMatchObject({
      failure: {
        code: 'quota_exhausted',
        message: 'not asked: 3 of 3 requests of this day are used up',
        resetAt: tomorrow,
      },
    });
    expect(allowance.take(3, tomorrow).ok).toBe(true);
  });

  it('counts what things cost in the end', () => {
    const allowance = createDailyAllowance(10, 'units');
    const taken = allowance.take(6, noon);
    expect(allowance.take(6, noon).ok).toBe(false);
    if (taken.ok) taken.value.settle(2);
    expect(allowance.take(8, noon).ok).toBe(true);
    expect(allowance.take(1, noon).ok).toBe(false);
  });

  it('is gone when the source says so, whatever was counted, and settling brings none of it back', () => {
    for (const perDay of [10, Number.POSITIVE_INFINITY]) {
      const allowance = createDailyAllowance(perDay, 'requests');
      const taken = allowance.take(1, noon);
      allowance.exhaust(noon);
      if (taken.ok) taken.value.settle(0);
      expect(allowance.take(1, noon)).toMatchObject({ failure: { resetAt: tomorrow } });
      expect(allowance.take(1, tomorrow).ok).toBe(true);
    }
  });

  it('is never exceeded within a day, whoever asks when', () => {
    const ask = fc.record({ units: fc.integer({ min: 1, max: 50 }), minutes: fc.integer({ min: 0, max: 600 }) });
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 60 }), fc.integer({ min: 1, max: 200 }), (asks, perDay) => {
        const allowance = createDailyAllowance(perDay, 'units');
        const usedOn = new Map<number, number>();
        let at = noon.getTime();
        for (const { units, minutes } of asks) {
          at += minutes * 60_000;
          const now = new Date(at);
          if (!allowance.take(units, now).ok) continue;
          const day = nextUtcDay(now).getTime();
          usedOn.set(day, (usedOn.get(day) ?? 0) + units);
        }
        for (const used of usedOn.values()) expect(used).toBeLessThanOrEqual(perDay);
      }),
    );
  });
});
