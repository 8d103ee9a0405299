import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counter, duration, excerpt, highestCounter, instant, link, numericId, text } from './fields.ts';

describe('counter', () => {
  it('takes every count there can be, as a number or as digits', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2 ** 31 - 1 }).map((n) => Math.floor((n / (2 ** 31 - 1)) * highestCounter)),
        (count) => {
          expect(counter(count)).toBe(count);
          expect(counter(String(count))).toBe(count);
        },
      ),
    );
  });

  it('never turns anything else into a number', () => {
    const other = fc
      .anything()
      .filter(
        (value) => !(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= highestCounter),
      );
    fc.assert(
      fc.property(other, (value) => {
        const isDigits = typeof value === 'string' && /^\d+$/.test(value) && Number(value) <= highestCounter;
        if (!isDigits) expect(counter(value)).toBeNull();
      }),
    );
  });

  it.each([
    -1,
    -0.5,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    // Two such posts had a sum that no answer could show.
    2 ** 53 - 1,
    highestCounter + 1,
    2 ** 53,
    '9007199254740992',
    '1e3',
    '-1',
    '',
    ' 1',
    null,
    [],
    true,
  ])('gives null for %s', (value) => {
    expect(counter(value)).toBeNull();
  });
});

describe('instant', () => {
  it('reads seconds and refuses 0, milliseconds and text', () => {
    expect(instant(1736294201)?.toISOString()).toBe('2025-01-07T23:56:41.000Z');
    expect(instant('1736294201')?.toISOString()).toBe('2025-01-07T23:56:41.000Z');
    for (const value of [0, -1, 1736294201000, '2025', null]) expect(instant(value)).toBeNull();
  });
});

describe('numericId', () => {
  it('keeps digits and refuses a number that lost some', () => {
    expect(numericId('7463250381684476718')).toBe('7463250381684476718');
    expect(numericId(314216)).toBe('314216');
    for (const value of [7463250381684476718, 0, '0', '12a', '', null]) expect(numericId(value)).toBeNull();
  });
});

describe('text and links', () => {
  it('gives Postgres nothing it refuses', () => {
    expect(text('a\0b')).toBe('ab');
    expect(text('\ud800x')).toBe('\ufffdx');
    expect(text('')).toBeNull();
    expect(excerpt({ caption: 'x\0y', user: { pk: 1 }, n: 3 }, ['caption', 'user', 'n', 'absent'])).toStrictEqual({
      caption: 'xy',
      user: '…',
      n: 3,
    });
  });

  it('lets no script address through', () => {
    expect(link('https://example.com/a')).toBe('https://example.com/a');
    expect(link('linktr.ee/someone')).toBe('linktr.ee/someone');
    for (const value of ['javascript:alert(1)', 'data:text/html,x', 'hello there', '', 5])
      expect(link(value)).toBeNull();
  });
});

describe('duration', () => {
  it('converts milliseconds and treats 0 as none', () => {
    expect(duration(89793, 1000)).toBe(89.793);
    expect(duration(71.1, 1)).toBe(71.1);
    for (const value of [0, -1, 'x', Number.NaN]) expect(duration(value, 1)).toBeNull();
  });
});
