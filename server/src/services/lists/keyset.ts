import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { PageResult, Position } from './page.ts';
import { beyond, foreignCursor, type SortKey } from './sort-key.ts';

export interface Keyset {
  columns: RawBuilder<unknown>;
  /** Tables and joins. Joins only add columns, never rows, so that counting may leave them out. */
  from: RawBuilder<unknown>;
  conditions: readonly RawBuilder<SqlBool>[];
  key: SortKey;
  /** Breaks ties, in the direction of the sort. */
  id: RawBuilder<unknown>;
  direction: 'asc' | 'desc';
  limit: number;
  after: Position | null;
  includeTotal: boolean;
}

/** What every row carries beside its columns. */
interface Place {
  cursor_value: string | number | null;
  cursor_id: string;
}

/**
 * One page of a list, found by position in the index of its sort key, so that its cost does not depend on what comes
 * before. Null values come last in both directions: they are a second stretch of the same index, read when the first is
 * used up.
 */
export async function keysetPage<Row>(db: Kysely<Database>, keyset: Keyset): Promise<PageResult<Row>> {
  const { key, after, limit } = keyset;
  const wanted = limit + 1;
  const isAmongNulls = after !== null && after.value === null;
  if (isAmongNulls && !key.isNullable) throw foreignCursor();
  const rows = isAmongNulls ? [] : await readStretch<Row>(db, keyset, knownStretch(keyset), wanted);
  if (key.isNullable && rows.length < wanted) {
    const nulls = nullStretch(keyset, isAmongNulls ? after : null);
    rows.push(...(await readStretch<Row>(db, keyset, nulls, wanted - rows.length)));
  }
  const page = pageOf(rows, limit);
  return keyset.includeTotal ? { ...page, totalCount: await countAll(db, keyset) } : page;
}

async function readStretch<Row>(
  db: Kysely<Database>,
  { columns, from, conditions, key, id, direction }: Keyset,
  stretch: readonly RawBuilder<SqlBool>[],
  limit: number,
): Promise<(Row & Place)[]> {
  const order = direction === 'asc' ? sql`asc` : sql`desc`;
  // The order names the key even where it is null throughout: so the planner sees the order of the index.
  const { rows } = await sql<Row & Place>`
    select ${columns}, ${key.cursorValue} as cursor_value, ${id} as cursor_id from ${from}
    where ${sql.join([...conditions, ...stretch], sql` and `)}
    order by ${key.expression} ${order}, ${id} ${order} limit ${limit}`.execute(db);
  return rows;
}

function knownStretch({ key, id, direction, after }: Keyset): RawBuilder<SqlBool>[] {
  const stretch = key.isNullable ? [sql<SqlBool>`${key.expression} is not null`] : [];
  return after === null ? stretch : [...stretch, beyond(key, id, direction, after)];
}

function nullStretch({ key, id, direction }: Keyset, after: Position | null): RawBuilder<SqlBool>[] {
  const isNull = sql<SqlBool>`${key.expression} is null`;
  if (after === null) return [isNull];
  return [isNull, sql<SqlBool>`${id} ${direction === 'asc' ? sql`>` : sql`<`} ${after.id}::uuid`];
}

async function countAll(db: Kysely<Database>, { from, conditions }: Keyset): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from ${from} where ${sql.join(conditions, sql` and `)}`.execute(db);
  return rows[0]?.total ?? 0;
}

function pageOf<Row extends Place>(rows: Row[], limit: number): PageResult<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last ? { value: last.cursor_value, id: last.cursor_id } : null;
  return { items, next };
}
