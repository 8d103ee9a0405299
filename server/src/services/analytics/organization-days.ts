import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Day } from '../../metrics/days.ts';
import type { Before } from '../../metrics/figures.ts';
import { levelsOfSteps, type SteppedDay } from '../../metrics/organization-days.ts';
import type { DayRow } from '../../metrics/series.ts';
import { bookedColumns, bookedDays, bookedFigures } from '../organization-books/booked-days.ts';
import { readBooks } from '../organization-books/read-books.ts';
import type { DaySpan } from './account-day-rows.ts';

export interface OrganizationDays {
  /** The days of the span on which anything was read, ascending. */
  rows: DayRow[];
  before: Before;
  /** How many posts were found in feeds up to a day of the span, deleted accounts left out. */
  postsFound: (through: Day) => number;
}

type Row = Omit<SteppedDay, 'day'> & {
  day: Day | null;
  holders_read: number;
  posts_found: number;
  settled_through: Day | null;
};

/** The days of all that an organization tracks, paused or not; every post once, however often it is held. */
export async function organizationDays(
  db: Kysely<Database>,
  organizationId: string,
  span: DaySpan,
): Promise<OrganizationDays> {
  const hasSaves = await knowsSaves(db, organizationId);
  const rows = await summedDays(db, organizationId, span);
  const earlier = rows.find((row) => row.day === null);
  const before = { wasRead: (earlier?.holders_read ?? 0) > 0, followers: earlier?.step ?? null, hasSaves };
  const days = rows.filter((row): row is Row & { day: Day } => row.day !== null);
  const postsFound = (through: Day): number =>
    [...(earlier ? [earlier] : []), ...days.filter((row) => row.day <= through)].reduce(
      (sum, row) => sum + row.posts_found,
      0,
    );
  const read = days.filter((row) => row.holders_read > 0).map(dayOf);
  return { rows: levelsOfSteps(read, before), before, postsFound };
}

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
 * Settled days as they are stored, later ones summed up now. What lies before the span comes as one row without a day. Whether
 * days are still settled that were when the question began is seen in the same moment in which they are read.
 */
async function summedDays(db: Kysely<Database>, organizationId: string, { from, to }: DaySpan): Promise<Row[]> {
  for (;;) {
    const { settledThrough } = await readBooks(db, organizationId);
    const { rows } = await sql<Row>`
      select case when day >= ${from}::date then day end as day, ${sums},
        (select settled_through from organization_books where organization_id = ${organizationId}) as settled_through
      from (
        select day, ${columns} from organization_days
        where organization_id = ${organizationId} and day <= ${settledThrough}::date and day <= ${to}::date
        union all ${bookedDays(organizationId, 'all', { after: settledThrough, to })}
        union all select ${from}::date - 1, ${nothing}
      ) days
      group by 1 order by 1`.execute(db);
    const still = rows[0]?.settled_through ?? null;
    if (settledThrough === null || (still !== null && still >= settledThrough)) return rows;
  }
}

const dayOf = ({ day, views, plays, likes, comments, shares, saves, step }: Row & { day: Day }): SteppedDay => ({
  day,
  views,
  plays,
  likes,
  comments,
  shares,
  saves,
  step,
});

/** Whether saves of any post are known, now: only Instagram gives them. */
async function knowsSaves(db: Kysely<Database>, organizationId: string): Promise<boolean> {
  const { rows } = await sql<{ has_saves: boolean }>`
    select exists (select from accounts where organization_id = ${organizationId} and deleted_at is null
        and platform = 'instagram' and saved_count is not null)
      or exists (select from videos where organization_id = ${organizationId} and deleted_at is null
        and platform = 'instagram' and saved_count is not null) as has_saves`.execute(db);
  return rows[0]?.has_saves ?? false;
}
