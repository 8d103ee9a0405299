import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { parseQueryString } from './query-string.ts';

it.each([
  ['', {}],
  ['a=1&b=2', { a: '1', b: '2' }],
  ['a=1&a=2', { a: ['1', '2'] }],
  ['a=x+y%20z', { a: 'x y z' }],
  ['a=50%&b=%zz%20', { a: '50%', b: '%zz ' }],
  ['a=%ED%A0%80&b=%20%FF', { a: '\ud800', b: '\ud800' }],
  ['__proto__=1', JSON.parse('{"__proto__":"1"}')],
])('%s', (text, expected) => {
  expect({ ...parseQueryString(text) }).toEqual(expected);
});

test('any text that was encoded comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      expect(parseQueryString(`q=${encodeURIComponent(value)}`)['q']).toBe(value);
    }),
  );
});
