import { expect, test } from 'vitest';
import { requestIdOf } from './request-id.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

test.each(['abc-1', 'A.b_c-9', 'x'.repeat(128)])('keeps %s', (id) => {
  expect(requestIdOf({ 'x-request-id': id })).toBe(id);
});

test.each(['a b', '', 'x'.repeat(129), 'naïve', 'a\tb', 'a,b'])('replaces %j', (id) => {
  expect(requestIdOf({ 'x-request-id': id })).toMatch(uuid);
});
