import { type Kysely, sql } from 'kysely';
import type { CounterColumns } from '../../database/columns.ts';
import type { Database } from '../../database/tables.ts';
import { counterNames, gainNames, unknownCounters } from '../../metrics/counters.ts';
import { addDays, type Day, startOfDay } from '../../metrics/days.ts';
import type { PostRun } from '../../metrics/history.ts';
import { postDayRows } from '../../metrics/post-days.ts';
import type { DayRow } from '../../metrics/series.ts';
import { countersOfRow } from './counters-of-row.ts';
import { countersAtEdge } from './edge-readings.ts';
import type { PostHolder } from './post-holder.ts';

export interface PostDays {
  rows: DayRow[];
  /** Whether anything was read before the first of the days. */
  wasReadBefore: boolean;
  /** Whether saves were known before the first of the days: only Instagram gives them. */
  hasSaves: boolean;
}

const gainIndexes = gainNames.map((_, i) => i);

/** The days from `from` to `to` on which the holder read its post, ascending. */
export async function postDays(
  db: Kysely<Database>,
  holder: PostHolder,
  { from, to }: { from: Day; to: Day },
): Promise<PostDays> {
  const start = startOfDay(from);
  const [runs, [known = unknownCounters]] = await Promise.all([
    ownRuns(db, holder, start, startOfDay(addDays(to, 1))),
    countersAtEdge(db, 'last', [{ holder, from: null, before: start }], gainIndexes),
  ]);
  const rows = postDayRows({ known, runs, countsFromZero: holder.countsFromZero }, from, to);
  const givesSaves = holder.platform === 'instagram';
  return {
    rows: givesSaves ? rows : rows.map((row) => ({ ...row, saves: null })),
    wasReadBefore: runs[0] !== undefined && runs[0].readAt < start,
    hasSaves: givesSaves && (known[gainNames.indexOf('saves')] ?? null) !== null,
  };
}

const counterList = sql.raw(counterNames.map((name) => `r.${name}`).join(', '));

/** The holder's own runs from `start` to before `end`, and the one before them, which may reach into that time. */
async function ownRuns(db: Kysely<Database>, holder: PostHolder, start: Date, end: Date): Promise<PostRun[]> {
  const { profileId, postId, countedFrom, pauses } = holder;
  const own = sql`r.profile_id = ${profileId} and r.post_id = ${postId} and r.read_at >= ${countedFrom}
    and not r.read_at <@ ${pauses}::tstzmultirange`;
  const { rows } = await sql<CounterColumns & { read_at: Date; confirmed_at: Date }>`
    select r.read_at, case when r.read_at = p.read_at then p.confirmed_at else r.confirmed_at end as confirmed_at, ${counterList}
    from post_readings r
    join posts p on p.profile_id = ${profileId} and p.post_id = ${postId}
    where ${own} and r.read_at < ${end} and r.read_at >= coalesce(
      (select r.read_at from post_readings r where ${own} and r.read_at < ${start} order by r.read_at desc limit 1), ${start})
    order by r.read_at`.execute(db);
  return rows.map((row) => ({ readAt: row.read_at, confirmedAt: row.confirmed_at, read: countersOfRow(row) }));
}
