import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Metadata } from '../../database/columns.ts';
import type { Database } from '../../database/tables.ts';
import { hasTwin, lastPooledLevels } from '../accounts/profile-twins.ts';
import type { Platform } from '../../sources/source.ts';

/** A creator as people see it, with a summary of the accounts linked now. */
export interface CreatorRecord {
  creator_id: string;
  name: string;
  is_active: boolean;
  metadata: Metadata | null;
  account_count: number;
  /** Only platforms with an account. */
  accounts_per_platform: Partial<Record<Platform, number>>;
  /** A profile that two accounts track counts once. */
  total_followers: number;
}

export const creatorColumns: RawBuilder<unknown> = sql`
  c.creator_id, c.name, c.is_active, c.metadata, s.account_count, s.accounts_per_platform, f.total_followers`;

const linkedNow = sql`a.organization_id = c.organization_id and a.creator_id = c.creator_id and a.deleted_at is null`;

export const creatorTables: RawBuilder<unknown> = sql`
  creators c
  left join lateral (
    select coalesce(sum(p.count), 0)::bigint as account_count,
      coalesce(jsonb_object_agg(p.platform, p.count) filter (where p.platform is not null), '{}') as accounts_per_platform
    from (select a.platform, count(*) as count from accounts a where ${linkedNow} group by a.platform) p
  ) s on true
  left join lateral (
    select coalesce(sum(followers), 0)::bigint as total_followers from (
      select a.follower_count as followers from accounts a where ${linkedNow} and not ${hasTwin('creator')}
      union all
      select l.followers from (${lastPooledLevels(linkedNow)}) l
    ) levels
  ) f on true`;

/** The creator, or null when the organization has none of this id. */
export async function findCreator(
  db: Kysely<Database>,
  organizationId: string,
  creatorId: string,
): Promise<CreatorRecord | null> {
  const { rows } = await sql<CreatorRecord>`
    select ${creatorColumns} from ${creatorTables}
    where c.organization_id = ${organizationId} and c.creator_id = ${creatorId}`.execute(db);
  return rows[0] ?? null;
}
