import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, countDays, isDay, listDays } from './days.ts';
import { previousWindow, resolveWindow, type WindowRequest } from './windows.ts';

const today = '2026-03-06';
const day = fc.integer({ min: 0, max: 20_000 }).map((count) => addDays('1990-01-01', count));

function windowOf(request: WindowRequest) {
  const resolved = resolveWindow(request, today);
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  return resolved.window;
}

function problemsOf(request: WindowRequest) {
  const resolved = resolveWindow(request, today);
  return resolved.ok ? [] : resolved.problems;
}

describe('a window is what contract v2 §2.7 says', () => {
  test.each([
    ['7d', '2026-02-28', 7],
    ['30d', '2026-02-05', 30],
    ['90d', '2025-12-07', 90],
  ])('%s are the last days, today included', (period, start, days) => {
    expect(windowOf({ period })).toEqual({ period, start, end: today, days });
  });

  test('without anything it is 30d', () => {
    expect(windowOf({})).toEqual(windowOf({ period: '30d' }));
    expect(windowOf({ period: null, start_date: null, end_date: null })).toEqual(windowOf({ period: '30d' }));
  });

  test('dates without a period are custom', () => {
    const request = { start_date: '2026-01-01', end_date: '2026-01-31' };
    expect(windowOf(request)).toEqual({ period: 'custom', start: '2026-01-01', end: '2026-01-31', days: 31 });
    expect(windowOf({ ...request, period: 'custom' })).toEqual(windowOf(request));
  });

  test('a preset ignores dates, even impossible ones', () => {
    expect(windowOf({ period: '7d', start_date: 'x', end_date: '2999-01-01' })).toEqual(windowOf({ period: '7d' }));
  });

  test('custom spans 1 to 366 days, both dates included', () => {
    expect(windowOf({ start_date: today, end_date: today }).days).toBe(1);
    expect(windowOf({ start_date: addDays(today, -365), end_date: today }).days).toBe(366);
  });

  test.each([
    [{ period: '8d' }, [['period', 'must be one of: 7d, 30d, 90d, custom']]],
    [{ period: '' }, [['period', 'must be one of: 7d, 30d, 90d, custom']]],
    [
      { period: 'custom' },
      [
        ['start_date', 'is required'],
        ['end_date', 'is required'],
      ],
    ],
    [{ start_date: '2026-01-01' }, [['end_date', 'is required']]],
    [{ end_date: '2026-01-01' }, [['start_date', 'is required']]],
    [{ start_date: '2026-02-30', end_date: today }, [['start_date', 'must be a date (YYYY-MM-DD)']]],
    [{ start_date: '20260201', end_date: today }, [['start_date', 'must be a date (YYYY-MM-DD)']]],
    [{ start_date: today, end_date: '2026-03-07' }, [['end_date', 'must not be in the future']]],
    [{ start_date: '2026-03-05', end_date: '2026-03-04' }, [['start_date', 'must not be after end_date']]],
    [
      { start_date: addDays(today, -366), end_date: today },
      [['start_date', 'must be at most 365 days before end_date']],
    ],
  ])('%j is refused, naming every failing field', (request, expected) => {
    expect(problemsOf(request).map(({ field, message }) => [field, message])).toEqual(expected);
  });
});

test('the previous window is equally long and ends the day before', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 366 }), (start, days) => {
      const window = { start, end: addDays(start, days - 1), days };
      const previous = previousWindow(window);
      expect(addDays(previous.end, 1)).toBe(window.start);
      expect(countDays(previous.start, previous.end)).toBe(days);
      expect(previous.days).toBe(days);
    }),
  );
});

test('listing days and counting them agree, over leap days and year ends', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: -3, max: 800 }), (start, count) => {
      const days = listDays(start, addDays(start, count));
      expect(days).toHaveLength(Math.max(0, count + 1));
      expect(days.every(isDay)).toBe(true);
      expect(days.every((each, i) => each === addDays(start, i))).toBe(true);
    }),
  );
});
