import { expect, test } from 'vitest';
import { etagOf, matchesEtag } from './etag.ts';

const json = 'application/json';

test('equal bytes of equal type have an equal strong tag; other bytes or another type do not', () => {
  const tag = etagOf('{"a":1}', json);
  expect(tag).toMatch(/^"[\w-]+"$/);
  expect(etagOf(Buffer.from('{"a":1}'), json)).toBe(tag);
  expect(etagOf('{"a":2}', json)).not.toBe(tag);
  expect(etagOf('{"a":1}', 'text/html')).not.toBe(tag);
});

test.each([
  [undefined, false],
  ['"x"', true],
  ['W/"x"', true],
  ['*', true],
  [' * ', true],
  ['"a", "x"', true],
  ['"a",W/"x","b"', true],
  ['"a", "b"', false],
  ['x', false],
  ['"xx"', false],
  ['"a,"x""', false],
  ['"with, comma", "x"', true],
])('If-None-Match %j matches "x": %s', (header, expected) => {
  expect(matchesEtag(header, '"x"')).toBe(expected);
});
