import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Day } from '../../metrics/days.ts';
import type { Before } from '../../metrics/figures.ts';
import { levelsOfSteps, type SteppedDay } from '../../metrics/organization-days.ts';
import type { DayRow } from '../../metrics/series.ts';
import { bookedColumns, bookedDays, bookedFigures } from '../organization-books/booked-days.ts';
import { readBooks } from '../organization-books/read-books.ts';
import { type Context, shared } from '../context.ts';
import type { DaySpan } from './account-day-rows.ts';

export interface OrganizationDays {
  /** The days of the span on which anything was read, ascending. */
  rows: DayRow[];
  before: Before;
  /** How many posts were found in feeds up to a day of the span, deleted accounts left out. */
  postsFound: (through: Day) => number;
}

/** A day of an organization's whole history. */
type HistoryDay = SteppedDay & { holders_read: number; posts_found: number };

/**
 * The days of all that an organization tracks, paused or not; every post once, however often it is held. All its days are read
 * at once and shared by all questions about it: what costs is the unsettled end, which every window has.
 */
export async function organizationDays(ctx: Context, { from, to }: DaySpan): Promise<OrganizationDays> {
  const days = await shared(ctx, 'organization days', () => allDays(ctx.db, ctx.organizationId));
  const earlier = days.filter(({ day }) => day < from);
  const within = days.filter(({ day }) => day >= from && day <= to);
  const before = {
    wasRead: earlier.some((day) => day.holders_read > 0),
    followers: levelOf(earlier),
    hasSaves: earlier.some((day) => day.saves !== null),
  };
  const postsFound = (through: Day): number =>
    days.reduce((sum, { day, posts_found: found }) => (day <= through && day <= to ? sum + found : sum), 0);
  const read = within.filter((day) => day.holders_read > 0).map(steppedDay);
  return { rows: levelsOfSteps(read, before), before, postsFound };
}

const levelOf = (days: readonly HistoryDay[]): number | null =>
  days.reduce<number | null>((level, { step }) => (step === null ? level : (level ?? 0) + step), null);

const columns = sql.raw(bookedColumns.join(', '));
const sums = sql.raw(
  [
    'sum(holders_read)::integer as holders_read',
    'sum(posts_found)::integer as posts_found',
    ...bookedFigures.map((name) => `case when sum(${name}_known) > 0 then sum(${name})::bigint end as ${name}`),
  ].join(', '),
);

const nothing = sql.raw(bookedColumns.map(() => '0').join(', '));

/**
 * Settled days as they are stored, later ones summed up now. Whether days are still settled that were when the question began is
 * seen in the same moment in which they are read; a row without a day tells it where there are no days.
 */
async function allDays(db: Kysely<Database>, organizationId: string): Promise<HistoryDay[]> {
  for (;;) {
    const { settledThrough } = await readBooks(db, organizationId);
    const { rows } = await sql<Omit<HistoryDay, 'day'> & { day: Day | null; settled_through: Day | null }>`
      select day, ${sums},
        (select settled_through from organization_books where organization_id = ${organizationId}) as settled_through
      from (
        select day, ${columns} from organization_days
        where organization_id = ${organizationId} and day <= ${settledThrough}::date
        union all ${bookedDays(organizationId, 'all', { after: settledThrough })}
        union all select null::date, ${nothing}
      ) days
      group by 1 order by 1`.execute(db);
    const still = rows[0]?.settled_through ?? null;
    if (settledThrough === null || (still !== null && still >= settledThrough)) {
      return rows.filter((row): row is typeof row & HistoryDay => row.day !== null);
    }
  }
}

const steppedDay = ({ day, views, plays, likes, comments, shares, saves, step }: HistoryDay): SteppedDay => ({
  day,
  views,
  plays,
  likes,
  comments,
  shares,
  saves,
  step,
});
