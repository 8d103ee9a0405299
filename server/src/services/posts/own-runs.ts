import { type Kysely, sql } from 'kysely';
import type { CounterColumns } from '../../database/columns.ts';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import { counterNames } from '../../metrics/counters.ts';
import type { HeldRun } from '../../metrics/shared-posts.ts';
import { countersOfRow } from './counters-of-row.ts';
import type { PostHolder } from './post-holder.ts';

interface RunRow extends CounterColumns {
  index: number;
  post_id: number;
  read_at: Date;
  confirmed_at: Date;
}

const holderTypes = {
  index: 'integer',
  profile_id: 'bigint',
  post_id: 'bigint',
  counted_from: 'timestamptz',
  pauses: 'tstzmultirange',
};
const counterList = sql.raw(counterNames.map((name) => `r.${name}`).join(', '));

/** Per holder all readings that are its own, in order of time. */
export async function ownRuns(db: Kysely<Database>, holders: readonly PostHolder[]): Promise<HeldRun[][]> {
  const runs = holders.map((): HeldRun[] => []);
  const asked = holders.map(({ profileId, postId, countedFrom, pauses }, index) => ({
    index,
    profile_id: profileId,
    post_id: postId,
    counted_from: countedFrom,
    pauses,
  }));
  const { rows } = await sql<RunRow>`
    select u.index, r.post_id, r.read_at, ${counterList},
      case when r.read_at = p.read_at then p.confirmed_at else r.confirmed_at end as confirmed_at
    from ${unnest(asked, holderTypes)}
    join posts p on p.profile_id = u.profile_id and p.post_id = u.post_id
    join post_readings r on r.profile_id = u.profile_id and r.post_id = u.post_id
      and r.read_at >= u.counted_from and not r.read_at <@ u.pauses
    order by u.index, r.read_at`.execute(db);
  for (const row of rows) {
    const { post_id: postId, read_at: readAt, confirmed_at: confirmedAt } = row;
    runs[row.index]?.push({ postId, readAt, confirmedAt, read: countersOfRow(row) });
  }
  return runs;
}
