import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

const id = '01a1fb87-c21b-7af4-b46d-338a22b86c44';
const binding = {
  organizationId: 'o1',
  path: '/accounts',
  orderBy: 'username',
  orderDirection: 'asc',
  filters: { platform: 'tiktok', is_active: true },
};
const cursor = encodeCursor({ value: 'north', id }, binding);

test('a cursor leads back to its position, and is the same every time', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string().filter((text) => !text.includes('\0')),
        fc.maxSafeInteger(),
        fc.constant(null),
      ),
      (value) => {
        const encoded = encodeCursor({ value, id }, binding);
        expect(decodeCursor(encoded, binding)).toEqual({ value, id });
        expect(encodeCursor({ value, id }, binding)).toBe(encoded);
        expect(encoded).toMatch(/^[\w-]+$/);
      },
    ),
  );
});

test('the order in which filters were given does not count, nor do absent ones', () => {
  const filters = { is_active: true, q: undefined, platform: 'tiktok' };
  expect(decodeCursor(cursor, { ...binding, filters })).not.toBeNull();
});

test.each([
  ['organization', { organizationId: 'o2' }],
  ['path', { path: '/creators' }],
  ['sort key', { orderBy: 'added_at' }],
  ['direction', { orderDirection: 'desc' }],
  ['filter value', { filters: { platform: 'instagram', is_active: true } }],
  ['more filters', { filters: { platform: 'tiktok', is_active: true, q: 'x' } }],
  ['fewer filters', { filters: {} }],
])('under another %s it is refused', (_what, change) => {
  expect(decodeCursor(cursor, { ...binding, ...change })).toBeNull();
});

const written = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([
  '',
  'nonsense',
  `${cursor}=`,
  `${cursor} `,
  cursor.slice(0, -3),
  written({}),
  written(['print', 'value', 'no uuid']),
  written(['print', { $ne: 1 }, id]),
  written(['print', 'a\0b', id]),
  'A'.repeat(10_000),
])('malformed: %s', (text) => {
  expect(decodeCursor(text, binding)).toBeNull();
});
