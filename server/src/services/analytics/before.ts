import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Day } from '../../metrics/days.ts';
import type { Before } from '../../metrics/figures.ts';

/** What is known of an account before a day. */
export interface AccountBefore {
  accountId: string;
  profileId: number;
  followersBefore: number | null;
  wasRead: boolean;
  /** Whether saves of its posts were known: only Instagram gives them. */
  hasSaves: boolean;
}

interface Row {
  account_id: string;
  profile_id: number;
  followers_before: number | null;
  was_read: boolean;
  has_saves: boolean;
}

/** Either one account, or those linked to a creator now. Per account three look-ups of one row each, in index order. */
export async function accountsBefore(
  db: Kysely<Database>,
  organizationId: string,
  which: { accountId: string } | { creatorId: string },
  day: Day,
): Promise<AccountBefore[]> {
  const { rows } = await sql<Row>`
    select a.account_id, a.profile_id,
      case when a.platform = 'instagram' and a.saved_count is not null
        then (${lastDay(sql`true`, organizationId, day, sql`and d.saves is not null`)}) is not null else false end as has_saves,
      (${lastDay(sql`d.followers`, organizationId, day, sql`and d.followers is not null`)}) as followers_before,
      (${lastDay(sql`true`, organizationId, day, sql``)}) is not null as was_read
    from accounts a
    where a.organization_id = ${organizationId} and a.deleted_at is null
      and ${'accountId' in which ? sql`a.account_id = ${which.accountId}` : sql`a.creator_id = ${which.creatorId}`}
    order by a.account_id`.execute(db);
  return rows.map((row) => ({
    accountId: row.account_id,
    profileId: row.profile_id,
    followersBefore: row.followers_before,
    wasRead: row.was_read,
    hasSaves: row.has_saves,
  }));
}

/** What is known of several accounts together. */
export function beforeOf(accounts: readonly Pick<AccountBefore, 'wasRead' | 'followersBefore' | 'hasSaves'>[]): Before {
  const levels = accounts.flatMap((account) => account.followersBefore ?? []);
  return {
    wasRead: accounts.some((account) => account.wasRead),
    followers: levels.length === 0 ? null : levels.reduce((sum, level) => sum + level, 0),
    hasSaves: accounts.some((account) => account.hasSaves),
  };
}

function lastDay(
  value: RawBuilder<unknown>,
  organizationId: string,
  day: Day,
  condition: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    select ${value} from account_days d
    where d.organization_id = ${organizationId} and d.account_id = a.account_id and d.day < ${day}::date ${condition}
    order by d.day desc limit 1`;
}
