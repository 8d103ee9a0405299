import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { DayRow } from '../../metrics/series.ts';
import type { DaySpan } from './account-day-rows.ts';

export interface GroupMember {
  accountId: string;
  /** Level at the last profile reading before the span; null when there was none. */
  followersBefore: number | null;
}

/**
 * The days on which any of these accounts was read, ascending: gains summed, and as followers the sum of every account's
 * latest level up to that day, or null when no profile was read that day (contract v2 §3). Summed in Postgres, since a
 * year of hundreds of accounts is too much to carry here.
 */
export async function groupDayRows(
  db: Kysely<Database>,
  organizationId: string,
  members: readonly GroupMember[],
  { from, to }: DaySpan,
): Promise<DayRow[]> {
  if (members.length === 0) return [];
  const { rows } = await sql<DayRow>`
    with members as (
      select u.account_id, u.followers_before, a.platform = 'instagram' as has_saves
      from unnest(${members.map((m) => m.accountId)}::uuid[], ${members.map((m) => m.followersBefore)}::bigint[])
        as u (account_id, followers_before)
      join accounts a on a.organization_id = ${organizationId} and a.account_id = u.account_id
    ), days as (
      select d.*, m.has_saves from members m
      join account_days d on d.organization_id = ${organizationId} and d.account_id = m.account_id
        and d.day between ${from}::date and ${to}::date
    ), gains as (
      select day, sum(views)::bigint as views, sum(plays)::bigint as plays, sum(likes)::bigint as likes,
        sum(comments)::bigint as comments, sum(shares)::bigint as shares,
        (sum(saves) filter (where has_saves))::bigint as saves
      from days group by day
    ), steps as (
      select day, followers - coalesce(followers_before, 0) as step from days where followers is not null
    ), levels as (
      select day, (sum(sum(step)) over (order by day))::bigint as rise from steps group by day
    )
    select g.*, l.rise + (select coalesce(sum(followers_before), 0) from members)::bigint as followers
    from gains g left join levels l using (day) order by day`.execute(db);
  return rows;
}
