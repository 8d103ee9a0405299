import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { invalid, type Problem } from '../../contract/problem.ts';
import type { Position } from './page.ts';

/** An indexed column or expression that a list can be sorted by. */
export interface SortKey {
  expression: RawBuilder<unknown>;
  kind: 'text' | 'integer' | 'timestamp';
  isNullable: boolean;
  /** The sort value as it goes into a cursor. */
  cursorValue: RawBuilder<unknown>;
}

export function sortKey(
  kind: SortKey['kind'],
  expression: RawBuilder<unknown>,
  options: { isNullable: boolean } = { isNullable: false },
): SortKey {
  // Times are whole microseconds in a cursor: a Date would drop digits and repeat rows.
  const isTime = kind === 'timestamp';
  const cursorValue = isTime ? sql`(extract(epoch from ${expression}) * 1000000)::bigint` : expression;
  return { kind, expression, cursorValue, isNullable: options.isNullable };
}

/** `(key, id)` beyond the position, in index order. */
export function beyond(
  key: SortKey,
  id: RawBuilder<unknown>,
  direction: 'asc' | 'desc',
  position: Position,
): RawBuilder<SqlBool> {
  const operator = direction === 'asc' ? sql`>` : sql`<`;
  return sql`(${key.expression}, ${id}) ${operator} (${parameter(key, position.value)}, ${position.id}::uuid)`;
}

function parameter(key: SortKey, value: string | number | null): RawBuilder<unknown> {
  if (key.kind === 'text' && typeof value === 'string') return sql`${value}::text`;
  if (key.kind === 'text' || !Number.isSafeInteger(value)) throw foreignCursor();
  if (key.kind === 'integer') return sql`${value}::bigint`;
  return sql`('epoch'::timestamptz + ${value}::bigint * interval '1 microsecond')`;
}

/** The refusal of a cursor whose parts were exchanged by hand. */
export function foreignCursor(): Problem {
  return invalid([{ field: 'cursor', message: 'is not a valid cursor for this request' }]);
}
