import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engagement, engagementRate, percentChange } from './rates.ts';

const count = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });

describe('engagement', () => {
  test('a missing part counts 0, all missing is unknown', () => {
    expect(engagement(1, 2, 3)).toBe(6);
    expect(engagement(null, 2, null)).toBe(2);
    expect(engagement(null, null, null)).toBeNull();
    expect(engagement(-4, 1, null)).toBe(-3);
  });
});

describe('engagement rate', () => {
  test.each([
    [1, 3, 33.33],
    [2, 3, 66.67],
    [5, 5, 100],
    [-1, 3, -33.33],
    [0, 10, 0],
    [201, 20_000, 1.01], // 1.005: binary fractions would round it down
  ])('%i of %i views is %d %%', (engaged, views, rate) => {
    expect(engagementRate(engaged, views)).toBe(rate);
  });

  test.each([
    [5, 0],
    [5, -1],
    [5, null],
    [null, 10],
  ])('%j of %j views is unknown', (engaged, views) => {
    expect(engagementRate(engaged, views)).toBeNull();
  });
});

describe('percent change', () => {
  test.each([
    [150, 100, 50],
    [50, 100, -50],
    [100, -50, 300],
    [-100, -50, -100],
    [1, 3, -66.67],
    [0, 7, -100],
    [2.5, 1.25, 100],
    [1.1, 3.3, -66.67],
  ])('from %d to %d', (current, previous, change) => {
    expect(percentChange(current, previous)).toBe(change);
  });

  test.each([
    [5, 0],
    [0, 0],
    [5, null],
    [null, 5],
    [null, null],
  ])('is unknown from %j to %j', (current, previous) => {
    expect(percentChange(current, previous)).toBeNull();
  });

  test('has two decimals and the direction of the change, for counts of any size', () => {
    fc.assert(
      fc.property(count, count, (current, previous) => {
        const change = percentChange(current, previous);
        if (previous === 0) expect(change).toBeNull();
        else if (change !== null) {
          expect(Object.is(change, -0)).toBe(false);
          expect(change === 0 || Math.sign(change) === Math.sign(current - previous)).toBe(true);
          const exact = ((current - previous) / Math.abs(previous)) * 100;
          expect(Math.abs(change - exact)).toBeLessThanOrEqual(0.00501 + Math.abs(exact) * 1e-12);
        }
      }),
    );
  });
});
