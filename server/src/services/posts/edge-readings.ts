import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { CounterColumns } from '../../database/columns.ts';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import { type Counters, counterNames, unknownCounters } from '../../metrics/counters.ts';
import { countersOfRow } from './counters-of-row.ts';
import type { PostHolder } from './post-holder.ts';

/** Whose own readings, and of which time. */
export interface EdgeQuestion {
  holder: PostHolder;
  /** Null = from its first. */
  from: Date | null;
  /** Null = up to its last. */
  before: Date | null;
}

type Side = 'last' | 'first';

/**
 * Per question the counters at one edge of a holder's own readings: each as the last, or the first, reading that gave it
 * says. Mostly one row per question, found by index whatever the length of the history; a counter that it does not give is
 * looked for further in, where the holder knows it at all. Only the counters asked for are filled.
 */
export async function countersAtEdge(
  db: Kysely<Database>,
  side: Side,
  questions: readonly EdgeQuestion[],
  counters: readonly number[],
): Promise<Counters[]> {
  const nearest = await edgeReadings(
    db,
    side,
    questions.map((question) => ({ ...question, counter: null })),
  );
  const found = nearest.map((reading) => [...(reading ?? unknownCounters)]);
  const hidden = questions.flatMap((question, row) =>
    counters.flatMap((counter) => {
      const isHidden = nearest[row]?.[counter] === null && (question.holder.known[counter] ?? null) !== null;
      return isHidden ? [{ ...question, counter, row }] : [];
    }),
  );
  const deeper = await edgeReadings(db, side, hidden);
  hidden.forEach(({ row, counter }, i) => found[row]?.splice(counter, 1, deeper[i]?.[counter] ?? null));
  return found;
}

interface LookUp extends EdgeQuestion {
  /** Index of a counter that the reading must have given; null = any reading. */
  counter: number | null;
}

const lookUpTypes = {
  index: 'integer',
  profile_id: 'bigint',
  post_id: 'bigint',
  from_time: 'timestamptz',
  before_time: 'timestamptz',
  pauses: 'tstzmultirange',
  counter: 'integer',
};
const counterList = sql.raw(counterNames.map((name) => `r.${name}`).join(', '));
const orders = { last: sql`desc`, first: sql`asc` } satisfies Record<Side, RawBuilder<unknown>>;

async function edgeReadings(
  db: Kysely<Database>,
  side: Side,
  lookUps: readonly LookUp[],
): Promise<(Counters | null)[]> {
  const asked = lookUps.flatMap((lookUp, index) => {
    const { holder, before, counter } = lookUp;
    const from = lookUp.from !== null && lookUp.from > holder.countedFrom ? lookUp.from : holder.countedFrom;
    const isNeverRead = holder.lastRunAt === null || (before !== null && before <= from);
    // Arrays of Postgres begin with 1.
    const nth = counter === null ? null : counter + 1;
    const { profileId: profile_id, postId: post_id, pauses } = holder;
    return isNeverRead
      ? []
      : [{ index, profile_id, post_id, from_time: from, before_time: before, pauses, counter: nth }];
  });
  const answers = lookUps.map((): Counters | null => null);
  if (asked.length === 0) return answers;
  const { rows } = await sql<CounterColumns & { index: number }>`
    select u.index, edge.* from ${unnest(asked, lookUpTypes)}
    cross join lateral (
      select ${counterList} from post_readings r
      where r.profile_id = u.profile_id and r.post_id = u.post_id
        and r.read_at >= u.from_time and r.read_at < coalesce(u.before_time, 'infinity') and not r.read_at <@ u.pauses
        and (u.counter is null or (array[${counterList}])[u.counter] is not null)
      order by r.read_at ${orders[side]} limit 1
    ) edge`.execute(db);
  for (const row of rows) answers[row.index] = countersOfRow(row);
  return answers;
}
