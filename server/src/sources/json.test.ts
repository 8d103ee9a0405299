import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

/** The same, slowly: every number is looked at with its source text. */
function oracle(text: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    const source = context?.source;
    const isLong = typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source);
    return isLong && !Number.isSafeInteger(value) ? source : value;
  };
  return JSON.parse(text, reviver);
}

const bigNumber = '\u0000big:';

/** JSON text of random values in which big integers are written bare, as TikTok does. */
const jsonText = fc
  .tuple(
    fc.jsonValue({ maxDepth: 4 }),
    fc.array(fc.oneof(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.string({ unit: 'binary' })), {
      maxLength: 8,
    }),
    fc.constantFrom(undefined, 2),
  )
  .map(([value, extras, indent]) => {
    const tagged = extras.map((extra) => (typeof extra === 'bigint' ? `${bigNumber}${extra}` : extra));
    const text = JSON.stringify({ value, tagged, nested: [{ id: tagged[0] ?? null }] }, null, indent);
    return text.replaceAll(/"\\u0000big:(-?\d+)"/g, '$1');
  });

describe('parseJson', () => {
  it('equals JSON.parse except that integers beyond 2^53 are text with every digit', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(parseJson(text)).toStrictEqual(oracle(text));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const damage = fc.tuple(jsonText, fc.nat(), fc.constantFrom('', '"', ',', '{', '\\', '12345678901234567890'));
    fc.assert(
      fc.property(damage, ([text, at, insert]) => {
        const damaged = text.slice(0, at % text.length) + insert + text.slice((at % text.length) + 1);
        let expected: unknown;
        try {
          expected = oracle(damaged);
        } catch {
          expect(() => parseJson(damaged)).toThrow(SyntaxError);
          return;
        }
        expect(parseJson(damaged)).toStrictEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    [' -9223372036854775808 ', '-9223372036854775808'],
    [
      '{"a":"1:12345678901234567890,","b":[12345678901234567890]}',
      { a: '1:12345678901234567890,', b: ['12345678901234567890'] },
    ],
    ['{"a\\"":7463250381684476718}', { 'a"': '7463250381684476718' }],
    ['{"a\\\\":7463250381684476718}', { 'a\\': '7463250381684476718' }],
    ['[12345678901234567890.5,1e30,12345678901234567890e2]', [12345678901234567890.5, 1e30, 12345678901234567890e2]],
  ])('parses %s', (text, expected) => {
    expect(parseJson(text)).toStrictEqual(expected);
  });

  it.each([
    '{12345678901234567890:1}',
    '[1 12345678901234567890]',
    '[012345678901234567890]',
    '{"a":12345678901234567890',
  ])('refuses %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});
