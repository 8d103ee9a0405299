import type { Direction, SortSpec } from '../../contract/v2/conventions.ts';
import { defaultLimit } from '../../contract/v2/conventions.ts';
import { type FieldError, invalid } from '../../contract/problem.ts';
import type { Context } from '../../services/context.ts';
import type { PageRequest, PageResult, Position } from '../../services/lists/page.ts';
import { type CursorBinding, decodeCursor, encodeCursor } from './cursor.ts';
import type { RawInput } from './definition.ts';

export const cursorMessage = 'is not a valid cursor for this request';

/** A cursor list: its path below /v2, what it sorts by, and the names of its filter parameters. */
export interface ListSpec<Key extends string = string> {
  path: string;
  sort: SortSpec<Key>;
  filters: readonly string[];
}

interface ListQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
  include_total?: boolean | undefined;
  order_by?: string | undefined;
  order_direction?: Direction | undefined;
  sort?: string | undefined;
}

/** §2.6: `order_by` beats the legacy `sort`, which decides key and direction alone; a direction alone turns the default key. */
export function resolveSort<Key extends string>(
  spec: SortSpec<Key>,
  query: ListQuery,
): { orderBy: Key; orderDirection: Direction } {
  if (query.order_by === undefined && query.sort !== undefined) {
    const isDescending = query.sort.startsWith('-');
    const key = isDescending ? query.sort.slice(1) : query.sort;
    return { orderBy: key as Key, orderDirection: isDescending ? 'desc' : 'asc' };
  }
  return {
    orderBy: (query.order_by as Key | undefined) ?? spec.defaultKey,
    orderDirection: query.order_direction ?? spec.defaultDirection,
  };
}

/**
 * For `validate` of a list operation: a cursor that is malformed, or made for another list, filter, sort or organization, is
 * named together with the other failing parameters. A filter or sort that is wrong itself is another one: no cursor was made for it.
 */
export function cursorProblems(spec: ListSpec, { query }: RawInput, organizationId: string): FieldError[] {
  const { cursor } = query;
  if (typeof cursor !== 'string') return [];
  const binding = bindingOf(organizationId, spec, resolveSort(spec.sort, query), activeFilters(spec, query));
  return decodeCursor(cursor, binding) === null ? [{ field: 'cursor', message: cursorMessage }] : [];
}

/** The page that the query asks for; 422 when its cursor belongs to another list, filter, sort or organization. */
export function openPage<Key extends string, Query extends ListQuery>(
  ctx: Context,
  spec: ListSpec<Key>,
  query: Query,
): PageRequest<Key, Omit<Query, keyof ListQuery>> {
  const filters = activeFilters(spec, query);
  const sort = resolveSort(spec.sort, query);
  let after: Position | null = null;
  if (query.cursor !== undefined) {
    after = decodeCursor(query.cursor, bindingOf(ctx.organizationId, spec, sort, filters));
    if (after === null) throw invalid([{ field: 'cursor', message: cursorMessage }]);
  }
  return {
    limit: query.limit ?? defaultLimit,
    after,
    ...sort,
    filters: filters as Omit<Query, keyof ListQuery>,
    includeTotal: query.include_total ?? false,
  };
}

/** The collection envelope (§2.4) and what the Link header needs. */
export function closePage<Item, Key extends string>(
  ctx: Context,
  spec: ListSpec<Key>,
  page: PageRequest<Key, object>,
  result: PageResult<Item>,
  present: (item: Item) => unknown,
): { body: object; nextCursor: string | null } {
  const filters = page.filters as Record<string, unknown>;
  const nextCursor =
    result.next === null ? null : encodeCursor(result.next, bindingOf(ctx.organizationId, spec, page, filters));
  const pagination = {
    has_next: nextCursor !== null,
    limit: page.limit,
    next_cursor: nextCursor,
    ...(page.includeTotal ? { total_count: result.totalCount ?? 0 } : {}),
  };
  const shownFilters = { ...filters, order_by: page.orderBy, order_direction: page.orderDirection };
  return { body: { data: result.items.map(present), pagination, filters: shownFilters }, nextCursor };
}

/** A blank `q` is no filter (§2.6). */
function activeFilters(spec: ListSpec, query: object): Record<string, unknown> {
  const values = query as Record<string, unknown>;
  const active = spec.filters
    .map((name): [string, unknown] => [name, values[name]])
    .filter(
      ([name, value]) => value !== undefined && !(name === 'q' && typeof value === 'string' && value.trim() === ''),
    );
  return Object.fromEntries(active);
}

function bindingOf(
  organizationId: string,
  spec: ListSpec,
  sort: { orderBy: string; orderDirection: Direction },
  filters: Record<string, unknown>,
): CursorBinding {
  const { orderBy, orderDirection } = sort;
  return { organizationId, path: spec.path, orderBy, orderDirection, filters };
}
