import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalHash } from './canonical-hash.ts';

const hashOf = (text: string) => canonicalHash(JSON.parse(text)).toString('hex');

test('the order of members does not count, at any depth', () => {
  expect(hashOf('{"a":1,"b":{"c":[{"d":2,"e":3}],"f":null}}')).toBe(
    hashOf('{"b":{"f":null,"c":[{"e":3,"d":2}]},"a":1}'),
  );
});

test.each([
  ['{"a":1}', '{"a":"1"}'],
  ['{"a":[1,2]}', '{"a":[2,1]}'],
  ['{"a":[1,23]}', '{"a":[12,3]}'],
  ['{"a":null}', '{}'],
  ['{"a":{}}', '{"a":[]}'],
  ['{"__proto__":{"a":1}}', '{}'],
  ['{"members":[["a",1]]}', '{"a":1}'],
])('%s is not %s', (one, other) => {
  expect(hashOf(one)).not.toBe(hashOf(other));
});

test('nesting without end has a hash too', () => {
  const deep = (depth: number) => hashOf(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`);
  expect(deep(20_000)).not.toBe(deep(19_999));
});

test('any value keeps its hash when its members are written in another order', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed());
      expect(canonicalHash(reversed)).toEqual(canonicalHash(value));
    }),
  );
});
