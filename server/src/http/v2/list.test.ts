import { expect, test } from 'vitest';
import { resolveSort } from './list.ts';

const spec = {
  keys: ['added_at', 'username'] as const,
  defaultKey: 'added_at' as const,
  defaultDirection: 'desc' as const,
};

test.each([
  [{}, 'added_at', 'desc'],
  [{ order_direction: 'asc' as const }, 'added_at', 'asc'],
  [{ order_by: 'username' }, 'username', 'desc'],
  [{ order_by: 'username', order_direction: 'asc' as const }, 'username', 'asc'],
  [{ sort: 'username' }, 'username', 'asc'],
  [{ sort: '-username' }, 'username', 'desc'],
  [{ sort: 'username', order_direction: 'desc' as const }, 'username', 'asc'],
  [{ sort: '-username', order_by: 'added_at' }, 'added_at', 'desc'],
])('%j sorts by %s %s', (query, orderBy, orderDirection) => {
  expect(resolveSort(spec, query)).toEqual({ orderBy, orderDirection });
});
