import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Platform } from '../../sources/source.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { keysetPage } from '../lists/keyset.ts';
import type { PageRequest, PageResult } from '../lists/page.ts';
import { type SortKey, sortKey } from '../lists/sort-key.ts';
import { captionContains } from '../lists/text-filter.ts';
import { accountVideoColumns, type AccountVideoRecord, accountVideoTables } from './account-video-record.ts';
import { parsePostedSpan } from './posted-span.ts';

const sortKeys = {
  create_time: sortKey('timestamp', sql`v.create_time`, { isNullable: true }),
  added_at: sortKey('timestamp', sql`v.added_at`),
  view_count: sortKey('integer', sql`v.view_count`, { isNullable: true }),
  play_count: sortKey('integer', sql`v.play_count`, { isNullable: true }),
  like_count: sortKey('integer', sql`v.like_count`, { isNullable: true }),
  comment_count: sortKey('integer', sql`v.comment_count`, { isNullable: true }),
  share_count: sortKey('integer', sql`v.share_count`, { isNullable: true }),
} satisfies Record<string, SortKey>;

export type AccountVideoSortKey = keyof typeof sortKeys;

export interface AccountVideoFilters {
  platform?: Platform | undefined;
  account_id?: string | undefined;
  creator_id?: string | undefined;
  /** Substring of the caption. */
  q?: string | undefined;
  media_type?: 'video' | 'image' | 'carousel' | undefined;
  /** A date (its first moment in UTC) or a timestamp with zone; inclusive. */
  posted_after?: string | undefined;
  /** Likewise; exclusive. */
  posted_before?: string | undefined;
}

export async function listAccountVideos(
  ctx: Context,
  input: PageRequest<AccountVideoSortKey, AccountVideoFilters>,
): Promise<PageResult<AccountVideoRecord>> {
  authorize(ctx, 'read');
  const { after, before } = parsePostedSpan(input.filters);
  const conditions = conditionsOf(ctx.organizationId, input.filters);
  const { q } = input.filters;
  if (q !== undefined) conditions.push(await captionContains(ctx.db, ctx.organizationId, sql`v.account_video_id`, q));
  if (after !== null) conditions.push(sql`v.create_time >= ${after}`);
  if (before !== null) conditions.push(sql`v.create_time < ${before}`);
  return keysetPage<AccountVideoRecord>(ctx.db, {
    columns: accountVideoColumns,
    from: accountVideoTables,
    conditions,
    key: sortKeys[input.orderBy],
    id: sql`v.account_video_id`,
    direction: input.orderDirection,
    limit: input.limit,
    after: input.after,
    includeTotal: input.includeTotal,
  });
}

function conditionsOf(organizationId: string, filters: AccountVideoFilters): RawBuilder<SqlBool>[] {
  const { platform, account_id: accountId, creator_id: creatorId, media_type: mediaType } = filters;
  const conditions = [sql<SqlBool>`v.organization_id = ${organizationId}`, sql<SqlBool>`not v.is_hidden`];
  if (platform !== undefined) conditions.push(sql`v.platform = ${platform}`);
  if (accountId !== undefined) conditions.push(sql`v.account_id = ${accountId}`);
  if (mediaType !== undefined) conditions.push(sql`v.media_type = ${mediaType}`);
  if (creatorId !== undefined) conditions.push(sql`a.creator_id = ${creatorId}`);
  return conditions;
}
