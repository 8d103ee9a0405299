import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Day } from '../../metrics/days.ts';
import type { DayRow } from '../../metrics/series.ts';

export interface DaySpan {
  from: Day;
  to: Day;
}

/**
 * The days of one account on which something was read, ascending; null when the organization has no such account.
 * One query: the account's row alone, without a day, stands for an account that was not read in the span.
 */
export async function accountDayRows(
  db: Kysely<Database>,
  organizationId: string,
  accountId: string,
  { from, to }: DaySpan,
): Promise<DayRow[] | null> {
  const { rows } = await sql<Omit<DayRow, 'day'> & { day: Day | null }>`
    select d.day, d.views, d.plays, d.likes, d.comments, d.shares,
      case when a.platform = 'instagram' then d.saves end as saves, d.followers
    from accounts a
    left join account_days d on d.organization_id = ${organizationId} and d.account_id = ${accountId}
      and d.day between ${from}::date and ${to}::date
    where a.organization_id = ${organizationId} and a.account_id = ${accountId} and a.deleted_at is null
    order by d.day`.execute(db);
  if (rows.length === 0) return null;
  return rows.filter((row): row is DayRow => row.day !== null);
}
