import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Day } from '../../metrics/days.ts';
import type { Before } from '../../metrics/figures.ts';
import { levelsOfSteps, type SteppedDay } from '../../metrics/organization-days.ts';
import type { DayRow } from '../../metrics/series.ts';
import { representsProfile } from '../accounts/represents-profile.ts';
import type { DaySpan } from './account-day-rows.ts';

export interface OrganizationDays {
  /** The days of the span on which anything was read, ascending. */
  rows: DayRow[];
  before: Before;
}

type Row = Omit<SteppedDay, 'day'> & { day: Day | null; has_saves: boolean };

/**
 * The days of all that an organization tracks, paused or not: the posts in its accounts' feeds and those tracked on their own.
 * What lies before the span comes as one row without a day.
 */
export async function organizationDays(
  db: Kysely<Database>,
  organizationId: string,
  { from, to }: DaySpan,
): Promise<OrganizationDays> {
  const { rows } = await sql<Row>`
    with booked as (
      select d.day, d.views, d.plays, d.likes, d.comments, d.shares, case when a.platform = 'instagram' then d.saves end as saves,
        case when ${representsProfile('organization')} then d.followers - coalesce(d.followers_before, 0) end as step
      from accounts a join account_days d using (organization_id, account_id)
      where a.organization_id = ${organizationId} and a.deleted_at is null and d.day <= ${to}::date
      union all
      select d.day, d.views, d.plays, d.likes, d.comments, d.shares, case when v.platform = 'instagram' then d.saves end, null
      from videos v join video_days d using (organization_id, video_id)
      where v.organization_id = ${organizationId} and v.deleted_at is null and d.day <= ${to}::date
    )
    select case when day >= ${from}::date then day end as day, sum(views)::bigint as views, sum(plays)::bigint as plays,
      sum(likes)::bigint as likes, sum(comments)::bigint as comments, sum(shares)::bigint as shares, sum(saves)::bigint as saves,
      sum(step)::bigint as step
    from booked group by 1 order by 1`.execute(db);
  const earlier = rows.find((row) => row.day === null);
  const hasSaves = await knowsSaves(db, organizationId);
  const before = { wasRead: earlier !== undefined, followers: earlier?.step ?? null, hasSaves };
  const days = rows.filter((row): row is Row & SteppedDay => row.day !== null);
  return { rows: levelsOfSteps(days, before), before };
}

/** Whether saves of any post are known, now: only Instagram gives them. */
async function knowsSaves(db: Kysely<Database>, organizationId: string): Promise<boolean> {
  const { rows } = await sql<{ has_saves: boolean }>`
    select exists (select from accounts where organization_id = ${organizationId} and deleted_at is null
        and platform = 'instagram' and saved_count is not null)
      or exists (select from videos where organization_id = ${organizationId} and deleted_at is null
        and platform = 'instagram' and saved_count is not null) as has_saves`.execute(db);
  return rows[0]?.has_saves ?? false;
}
