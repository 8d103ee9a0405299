import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import type { AccountsTable, Database } from '../../database/tables.ts';

const columns = [
  'account_id',
  'platform',
  'username',
  'source',
  'name',
  'description',
  'link_in_bio',
  'profile_pic_url',
  'is_verified',
  'is_active',
  'is_unavailable',
  'creator_id',
  'category',
  'metadata',
  'added_at',
  'first_scrape_time',
  'last_scrape_time',
  'scrape_interval_hours',
  'follower_count',
  'following_count',
  'profile_post_count',
  'total_post_count',
  'view_count',
  'like_count',
  'comment_count',
  'share_count',
  'play_count',
  'saved_count',
  'fb_play_count',
  'ig_play_count',
  'fb_like_count',
  'max_recent_posts_per_account',
  'post_lookback_days',
] as const satisfies readonly (keyof AccountsTable)[];

/** An account as people see it, with its creator's name and the limits in force. */
export interface AccountRecord extends Pick<Selectable<AccountsTable>, (typeof columns)[number]> {
  creator_name: string | null;
  effective_max_recent_posts_per_account: number | null;
  effective_post_lookback_days: number | null;
}

export const accountColumns: RawBuilder<unknown> = sql`
  ${sql.raw(columns.map((column) => `a.${column}`).join(', '))}, c.name as creator_name,
  coalesce(a.max_recent_posts_per_account, o.max_recent_posts_per_account) as effective_max_recent_posts_per_account,
  coalesce(a.post_lookback_days, o.post_lookback_days) as effective_post_lookback_days`;

export const accountTables: RawBuilder<unknown> = sql`
  accounts a
  left join organizations o on o.organization_id = a.organization_id
  left join creators c on c.organization_id = a.organization_id and c.creator_id = a.creator_id`;

/** The account, or null when the organization has none of this id. */
export async function findAccount(
  db: Kysely<Database>,
  organizationId: string,
  accountId: string,
): Promise<AccountRecord | null> {
  const { rows } = await sql<AccountRecord>`
    select ${accountColumns} from ${accountTables}
    where a.organization_id = ${organizationId} and a.account_id = ${accountId} and a.deleted_at is null`.execute(db);
  return rows[0] ?? null;
}
