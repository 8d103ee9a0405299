import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { invalid, notFound } from '../../contract/problem.ts';
import type { Platform } from '../../sources/source.ts';
import { parseHandle } from '../accounts/parse-handle.ts';
import { authorizeOperator } from '../authorize-admin.ts';
import { foreignCursor, sortKey } from '../lists/sort-key.ts';
import type { PageResult, Position } from '../lists/page.ts';
import type { OperatorContext } from '../organizations/create-organization.ts';

export interface RefusedReading {
  id: string;
  /** Internal. */
  profileId: number;
  /** When it was read, by the source's account or the file's. */
  refusedAt: Date;
  /** null: the profile is no longer known. */
  platform: Platform | null;
  username: string | null;
  /** null: of the profile itself, or of an item without an id. */
  externalId: string | null;
  source: string;
  reason: string;
  /** A small part of what was received; its shape depends on the reason. */
  excerpt: unknown;
}

export interface RefusedFilters {
  platform?: Platform;
  /** A handle that the profile has or had, or its URL, as a person typed it. */
  username?: string;
  source?: string;
  reason?: string;
  /** Read at this time or later. */
  since?: Date;
}

interface Row extends Omit<RefusedReading, 'id' | 'refusedAt'> {
  id: number;
  refused_at: Date;
  place: number;
}

const byTime = sortKey('timestamp', sql`r.refused_at`);

/**
 * What was refused and is kept aside, the latest first. Facts are shared by all organizations, and so is this: it is for the
 * operator. Throws NOT_FOUND for a handle that no profile has or had, lest a typo reads as a clean record.
 */
export async function listRefusedReadings(
  ctx: OperatorContext,
  { limit, after, filters }: { limit: number; after: Position | null; filters: RefusedFilters },
): Promise<PageResult<RefusedReading>> {
  authorizeOperator(ctx);
  const conditions = [sql<SqlBool>`true`, ...plainConditions(filters)];
  if (filters.username !== undefined) {
    const profileIds = await profilesCalled(ctx, filters.username, filters.platform);
    conditions.push(sql`r.profile_id = any(${profileIds}::bigint[])`);
  }
  if (after !== null) conditions.push(olderThan(after));
  const { rows } = await sql<Row>`
    select r.refusal_id as id, r.profile_id as "profileId", r.refused_at, p.platform, p.username, r.external_id as "externalId", r.source, r.reason, r.excerpt,
      ${byTime.cursorValue} as place
    from refused_readings r left join profiles p on p.profile_id = r.profile_id
    where ${sql.join(conditions, sql` and `)}
    order by r.refused_at desc, r.refusal_id desc limit ${limit + 1}`.execute(ctx.db);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last !== undefined ? { value: last.place, id: String(last.id) } : null;
  return { items: items.map(refusedReading), next };
}

const refusedReading = ({ id, refused_at: refusedAt, ...row }: Row): RefusedReading => ({
  id: String(id),
  refusedAt,
  profileId: row.profileId,
  platform: row.platform,
  username: row.username,
  externalId: row.externalId,
  source: row.source,
  reason: row.reason,
  excerpt: row.excerpt,
});

function plainConditions({ platform, source, reason, since }: RefusedFilters): RawBuilder<SqlBool>[] {
  return [
    ...(platform === undefined ? [] : [sql<SqlBool>`p.platform = ${platform}`]),
    ...(source === undefined ? [] : [sql<SqlBool>`r.source = ${source}`]),
    ...(reason === undefined ? [] : [sql<SqlBool>`r.reason = ${reason}`]),
    ...(since === undefined ? [] : [sql<SqlBool>`r.refused_at >= ${since}`]),
  ];
}

function olderThan({ value, id }: Position): RawBuilder<SqlBool> {
  if (!Number.isSafeInteger(value) || !/^\d{1,18}$/.test(id)) throw foreignCursor();
  return sql`(r.refused_at, r.refusal_id)
    < ('epoch'::timestamptz + ${value}::bigint * interval '1 microsecond', ${id}::bigint)`;
}

async function profilesCalled({ db }: OperatorContext, text: string, only: Platform | undefined): Promise<number[]> {
  const platforms: Platform[] = only === undefined ? ['instagram', 'tiktok'] : [only];
  const isCalled = platforms.flatMap((platform) => {
    const handle = parseHandle(platform, text);
    return handle === null ? [] : [sql<SqlBool>`(platform = ${platform} and username = ${handle})`];
  });
  if (isCalled.length === 0) throw invalid([{ field: 'username', message: 'must be a handle or profile URL' }]);
  const either = sql.join(isCalled, sql` or `);
  const { rows } = await sql<{ profile_id: number }>`
    select profile_id from profiles where ${either} union select profile_id from profile_handles where ${either}`.execute(
    db,
  );
  if (rows.length === 0) throw notFound('profile');
  return rows.map((row) => row.profile_id);
}
