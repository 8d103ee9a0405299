import { describe, expect, it } from 'vitest';
import { isDateFormat, timeParser } from './parse-time.ts';

const shown = (format: string, text: string): string | undefined => timeParser(format)(text)?.at.toISOString();

describe('times of a file', () => {
  it.each([
    ['yyyy-mm-dd', '2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['yyyy-mm-dd', '2026-03-01T10:20:30.456789Z', '2026-03-01T10:20:30.456Z'],
    ['yyyy-mm-dd', '2026-03-01 10:20', '2026-03-01T10:20:00.000Z'],
    ['yyyy-mm-dd', '2026-03-01T01:00:00+0530', '2026-02-28T19:30:00.000Z'],
    ['dd/mm/yyyy', '05/03/2026', '2026-03-05T00:00:00.000Z'],
    ['dd/mm/yyyy', '5/3/2026 9:05', '2026-03-05T09:05:00.000Z'],
    ['dd/mm/yyyy', '2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['mm/dd/yyyy', '05/03/2026', '2026-05-03T00:00:00.000Z'],
    ['dd.mm.yyyy', '05.03.2026', '2026-03-05T00:00:00.000Z'],
    ['unix', '1772359200', '2026-03-01T10:00:00.000Z'],
    ['unix', '1772359200123', '2026-03-01T10:00:00.123Z'],
  ])('%s: %s', (format, text, expected) => expect(shown(format, text)).toBe(expected));

  it.each([
    ['yyyy-mm-dd', '05/03/2026'],
    ['yyyy-mm-dd', '2026-02-29'],
    ['yyyy-mm-dd', '2026-03-01T24:00'],
    ['yyyy-mm-dd', '1772359200'],
    ['dd/mm/yyyy', '05/13/2026'],
    ['dd/mm/yyyy', '05/03/26'],
    ['dd.mm.yyyy', '05/03/2026'],
  ])('%s: %s is none', (format, text) => expect(shown(format, text)).toBeUndefined());

  it('know orders of year, month and day', () => {
    expect(['dd/mm/yyyy', 'yyyy/dd/mm', 'unix'].map(isDateFormat)).toEqual([true, true, true]);
    expect(['dd/mm', 'dd/dd/yyyy', 'ddmmyyyy', 'yy/mm/dd'].map(isDateFormat)).toEqual([false, false, false, false]);
  });
});
