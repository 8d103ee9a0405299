import { type Kysely, sql } from 'kysely';
import type { GainColumns } from '../../database/columns.ts';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import { gainNames } from '../../metrics/counters.ts';
import type { Day } from '../../metrics/days.ts';
import type { DayRow } from '../../metrics/series.ts';
import type { DaySpan } from './account-day-rows.ts';

export interface GroupMember {
  accountId: string;
  /** Level at the last profile reading before the span; null when there was none. */
  followersBefore: number | null;
  /** Whether its levels are pooled with another account's, so that they count there and not here. */
  isPooled: boolean;
}

/** A day of accounts that look at one profile together: what to add to their gains, or how its followers moved. */
export interface PooledDay extends GainColumns {
  day: Day;
  has_saves: boolean;
  /** Rise of the level over that of the last earlier day; a first level counts in full. */
  step: number | null;
}

/** What accounts of one profile have seen together, where that is not the sum of what each has seen. */
export interface Pooled {
  /** Days of the span. */
  days: PooledDay[];
  /** The levels of all these profiles before it; null when there was none. */
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
  pooled: Pooled,
): Promise<DayRow[]> {
  if (members.length === 0) return [];
  const levelsBefore = [...members.map((member) => member.followersBefore), pooled.followersBefore];
  const { rows } = await sql<DayRow>`
    with members as (
      select u.account_id, u.is_pooled, a.platform = 'instagram' as has_saves
      from unnest(${members.map((m) => m.accountId)}::uuid[], ${members.map((m) => m.isPooled)}::boolean[])
        as u (account_id, is_pooled)
      join accounts a on a.organization_id = ${organizationId} and a.account_id = u.account_id
    ), days as (
      select d.day, ${gains}, m.has_saves, case when not m.is_pooled then d.followers - coalesce(d.followers_before, 0) end as step
      from members m
      join account_days d on d.organization_id = ${organizationId} and d.account_id = m.account_id
        and d.day between ${from}::date and ${to}::date
      ${pooled.days.length === 0 ? sql`` : sql`union all select * from ${unnest(pooled.days, pooledTypes)}`}
    ), gains as (
      select day, sum(views)::bigint as views, sum(plays)::bigint as plays, sum(likes)::bigint as likes,
        sum(comments)::bigint as comments, sum(shares)::bigint as shares,
        (sum(saves) filter (where has_saves))::bigint as saves
      from days group by day
    ), levels as (
      select day, (sum(sum(step)) over (order by day))::bigint as rise from days where step is not null group by day
    )
    select g.*, l.rise + ${levelsBefore.reduce<number>((sum, level) => sum + (level ?? 0), 0)}::bigint as followers
    from gains g left join levels l using (day) order by day`.execute(db);
  return rows;
}

const gains = sql.raw(gainNames.map((name) => `d.${name}`).join(', '));
const pooledTypes = {
  day: 'date',
  ...Object.fromEntries(gainNames.map((name) => [name, 'bigint'])),
  has_saves: 'boolean',
  step: 'bigint',
};
