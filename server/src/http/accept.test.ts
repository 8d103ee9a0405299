import { expect, test } from 'vitest';
import { acceptsJson } from './accept.ts';

test.each([
  [undefined, true],
  ['', true],
  ['*/*', true],
  ['application/json', true],
  ['APPLICATION/JSON; charset=utf-8', true],
  ['text/html, application/xhtml+xml, */*;q=0.8', true],
  ['text/html, application/*;q=0.1', true],
  ['application/json;q=0', false],
  ['application/json; q=0.0, */*', false],
  ['*/*;q=0, application/json', true],
  ['*/*;q=0', false],
  ['text/html', false],
  ['constructor', false],
  ['application/problem+json', false],
  ['application/jsonp', false],
  ['application/json;q=oops', false],
])('Accept %j admits JSON: %s', (accept, expected) => {
  expect(acceptsJson(accept)).toBe(expected);
});
