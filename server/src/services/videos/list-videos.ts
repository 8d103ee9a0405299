import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Platform } from '../../sources/source.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { keysetPage } from '../lists/keyset.ts';
import type { PageRequest, PageResult } from '../lists/page.ts';
import { type SortKey, sortKey } from '../lists/sort-key.ts';
import { captionContains } from '../lists/text-filter.ts';
import { videoAccountId, videoColumns, type VideoRecord, videoTables } from './video-record.ts';

const sortKeys = {
  added_at: sortKey('timestamp', sql`v.added_at`),
  create_time: sortKey('timestamp', sql`v.create_time`, { isNullable: true }),
  view_count: sortKey('integer', sql`v.view_count`, { isNullable: true }),
  like_count: sortKey('integer', sql`v.like_count`, { isNullable: true }),
  play_count: sortKey('integer', sql`v.play_count`, { isNullable: true }),
} satisfies Record<string, SortKey>;

export type VideoSortKey = keyof typeof sortKeys;

export interface VideoFilters {
  /** The author's account. */
  account_id?: string | undefined;
  platform?: Platform | undefined;
  is_active?: boolean | undefined;
  /** Substring of the caption. */
  q?: string | undefined;
}

export async function listVideos(
  ctx: Context,
  input: PageRequest<VideoSortKey, VideoFilters>,
): Promise<PageResult<VideoRecord>> {
  authorize(ctx, 'read');
  const { q } = input.filters;
  const conditions = conditionsOf(ctx.organizationId, input.filters);
  if (q !== undefined) conditions.push(await captionContains(ctx.db, ctx.organizationId, sql`v.video_id`, q));
  return keysetPage<VideoRecord>(ctx.db, {
    columns: videoColumns,
    from: videoTables,
    conditions,
    key: sortKeys[input.orderBy],
    id: sql`v.video_id`,
    direction: input.orderDirection,
    limit: input.limit,
    after: input.after,
    includeTotal: input.includeTotal,
  });
}

function conditionsOf(organizationId: string, filters: VideoFilters): RawBuilder<SqlBool>[] {
  const { account_id: accountId, platform, is_active: isActive } = filters;
  const conditions = [sql<SqlBool>`v.organization_id = ${organizationId}`, sql<SqlBool>`v.deleted_at is null`];
  if (platform !== undefined) conditions.push(sql`v.platform = ${platform}`);
  if (isActive !== undefined) conditions.push(sql`v.is_active = ${isActive}`);
  if (accountId !== undefined) {
    // By the author's profile first, since that is indexed; not every account of a profile stands for it.
    conditions.push(sql`${videoAccountId} = ${accountId}::uuid`);
    conditions.push(sql`v.profile_id = (
      select profile_id from accounts where organization_id = ${organizationId} and account_id = ${accountId})`);
  }
  return conditions;
}
