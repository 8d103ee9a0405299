import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Platform } from '../../sources/source.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { keysetPage } from '../lists/keyset.ts';
import type { PageRequest, PageResult } from '../lists/page.ts';
import { type SortKey, sortKey } from '../lists/sort-key.ts';
import { contains } from '../lists/text-filter.ts';
import { accountColumns, type AccountRecord, accountTables } from './account-record.ts';

const sortKeys = {
  added_at: sortKey('timestamp', sql`a.added_at`),
  username: sortKey('text', sql`a.username`),
  last_scrape_time: sortKey('timestamp', sql`a.last_scrape_time`, { isNullable: true }),
  // Shown as 0 while unknown (contract v2 §4.1), so sorted as 0.
  follower_count: sortKey('integer', sql`coalesce(a.follower_count, 0)`),
  view_count: sortKey('integer', sql`a.view_count`),
  like_count: sortKey('integer', sql`a.like_count`),
  play_count: sortKey('integer', sql`a.play_count`),
} satisfies Record<string, SortKey>;

export type AccountSortKey = keyof typeof sortKeys;

export interface AccountFilters {
  platform?: Platform | undefined;
  /** Substring of the username. */
  q?: string | undefined;
  is_active?: boolean | undefined;
  category?: string | undefined;
  creator_id?: string | undefined;
}

export async function listAccounts(
  ctx: Context,
  input: PageRequest<AccountSortKey, AccountFilters>,
): Promise<PageResult<AccountRecord>> {
  authorize(ctx, 'read');
  return keysetPage<AccountRecord>(ctx.db, {
    columns: accountColumns,
    from: accountTables,
    conditions: conditionsOf(ctx.organizationId, input.filters),
    key: sortKeys[input.orderBy],
    id: sql`a.account_id`,
    direction: input.orderDirection,
    limit: input.limit,
    after: input.after,
    includeTotal: input.includeTotal,
  });
}

function conditionsOf(organizationId: string, filters: AccountFilters): RawBuilder<SqlBool>[] {
  const { platform, q, is_active: isActive, category, creator_id: creatorId } = filters;
  const conditions = [sql<SqlBool>`a.organization_id = ${organizationId}`, sql<SqlBool>`a.deleted_at is null`];
  if (platform !== undefined) conditions.push(sql`a.platform = ${platform}`);
  if (q !== undefined) conditions.push(contains(sql`a.username`, q));
  if (isActive !== undefined) conditions.push(sql`a.is_active = ${isActive}`);
  if (category !== undefined) conditions.push(sql`a.category = ${category}`);
  if (creatorId !== undefined) conditions.push(sql`a.creator_id = ${creatorId}`);
  return conditions;
}
