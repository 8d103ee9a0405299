import { createHash } from 'node:crypto';

/** Hash of a JSON value in which the order of members does not count. The value's depth is bounded by validation. */
export function canonicalHash(value: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)) ?? '')
    .digest();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  // Pairs instead of an object: an object would move members with numeric names, and one called __proto__ would vanish.
  return {
    members: Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  };
}
