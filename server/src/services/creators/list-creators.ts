import { type SqlBool, sql } from 'kysely';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { keysetPage } from '../lists/keyset.ts';
import type { PageRequest, PageResult } from '../lists/page.ts';
import { type SortKey, sortKey } from '../lists/sort-key.ts';
import { contains } from '../lists/text-filter.ts';
import { creatorColumns, type CreatorRecord, creatorTables } from './creator-record.ts';

const sortKeys = { name: sortKey('text', sql`c.name`) } satisfies Record<string, SortKey>;

export type CreatorSortKey = keyof typeof sortKeys;

export interface CreatorFilters {
  is_active?: boolean | undefined;
  /** Substring of the name. */
  q?: string | undefined;
}

export async function listCreators(
  ctx: Context,
  input: PageRequest<CreatorSortKey, CreatorFilters>,
): Promise<PageResult<CreatorRecord>> {
  authorize(ctx, 'read');
  const { q, is_active: isActive } = input.filters;
  const conditions = [sql<SqlBool>`c.organization_id = ${ctx.organizationId}`];
  if (isActive !== undefined) conditions.push(sql`c.is_active = ${isActive}`);
  if (q !== undefined) conditions.push(contains(sql`c.name_folded`, q));
  return keysetPage<CreatorRecord>(ctx.db, {
    columns: creatorColumns,
    from: creatorTables,
    conditions,
    key: sortKeys[input.orderBy],
    id: sql`c.creator_id`,
    direction: input.orderDirection,
    limit: input.limit,
    after: input.after,
    includeTotal: input.includeTotal,
  });
}
