import { expect, test } from 'vitest';
import { createRouteTable } from './route-table.ts';

test('a path without ids is itself, before it is an id', () => {
  const table = createRouteTable();
  table.add('GET', '/v2/creators/:creator_id');
  table.add('PATCH', '/v2/creators/:creator_id');
  table.add('GET', '/v2/creators/top');
  expect(table.allowedMethods('/v2/creators/top')).toBe('GET, HEAD');
  expect(table.allowedMethods('/v2/creators/x')).toBe('GET, HEAD, PATCH');
  expect(table.allowedMethods('/v2/creators/x/y')).toBeNull();
  expect(table.allowedMethods('/v2/creators/')).toBeNull();
});
