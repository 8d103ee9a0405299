import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import { counterNames } from '../../metrics/counters.ts';
import { splitRun } from '../../metrics/split-run.ts';
import type { Named } from './tracked-account.ts';
import { isOf } from './write-readings.ts';

/** Readings of posts, or of the profile: their table, what has the open run, and which staged rows are about it. */
interface Kind {
  readings: RawBuilder<unknown>;
  /** Holds the open run. */
  owner: RawBuilder<unknown>;
  id: RawBuilder<unknown>;
  staged: RawBuilder<boolean>;
  copied: RawBuilder<unknown>;
}

const kinds: readonly Kind[] = [
  {
    readings: sql`profile_readings`,
    owner: sql`profiles`,
    id: sql`profile_id`,
    staged: sql`s.external_id is null`,
    copied: sql`follower_count, following_count, post_count, precision, source`,
  },
  {
    readings: sql`post_readings`,
    owner: sql`posts`,
    id: sql`post_id`,
    staged: sql`s.external_id = p.external_id`,
    copied: sql.raw(`${counterNames.join(', ')}, precision, source`),
  },
];

interface Row {
  id: number;
  read_at: Date;
  confirmed_at: Date;
  times: Date[];
}

/**
 * Makes room for readings within runs of readings that were collected: a run ends before a reading that lies within it, and
 * another one begins after it. The open runs are closed in their rows meanwhile.
 */
export async function splitRuns(trx: Transaction<Database>, profileId: number, named: Named): Promise<void> {
  for (const kind of kinds) {
    await sql`
      update ${kind.readings} r set confirmed_at = p.confirmed_at from ${kind.owner} p
      where p.profile_id = ${profileId} and r.profile_id = ${profileId} and r.${kind.id} = p.${kind.id}
        and r.read_at = p.read_at and r.confirmed_at <> p.confirmed_at`.execute(trx);
    const { rows } = await sql<Row>`
      select r.${kind.id} as id, r.read_at, r.confirmed_at, array_agg(distinct s.read_at) as times
      from ${kind.readings} r
      join ${kind.owner} p on p.profile_id = ${profileId} and p.${kind.id} = r.${kind.id}
      join import_rows s on ${isOf(named)} and ${kind.staged} and s.read_at > r.read_at and s.read_at <= r.confirmed_at
      where r.profile_id = ${profileId} and r.confirmed_at > r.read_at
      group by r.${kind.id}, r.read_at, r.confirmed_at`.execute(trx);
    if (rows.length > 0) await writePieces(trx, profileId, kind, rows);
  }
}

async function writePieces(
  trx: Transaction<Database>,
  profileId: number,
  { readings, owner, id, copied }: Kind,
  rows: readonly Row[],
): Promise<void> {
  const pieces = rows.flatMap(({ id, read_at: readAt, confirmed_at: confirmedAt, times }) =>
    splitRun({ readAt, confirmedAt }, times).map((piece) => ({
      id,
      run_at: readAt,
      read_at: piece.readAt,
      confirmed_at: piece.confirmedAt,
    })),
  );
  const types = { id: 'bigint', run_at: 'timestamptz', read_at: 'timestamptz', confirmed_at: 'timestamptz' };
  const isRun = sql`r.profile_id = ${profileId} and r.${id} = u.id and r.read_at = u.run_at`;
  // The last piece of an open run is the open one now.
  await sql`
    update ${owner} p set read_at = u.read_at from (
      select id, run_at, max(u.read_at) as read_at from ${unnest(pieces, types)} group by 1, 2
    ) u where p.profile_id = ${profileId} and p.${id} = u.id and p.read_at = u.run_at`.execute(trx);
  // With a post the id is no part of the key of the profile, and the other way round.
  const columns = readings === kinds[0]?.readings ? sql`profile_id` : sql`profile_id, post_id`;
  const keys = readings === kinds[0]?.readings ? sql`r.profile_id` : sql`r.profile_id, r.post_id`;
  await sql`
    insert into ${readings} (${columns}, read_at, confirmed_at, ${copied})
    select ${keys}, u.read_at, u.confirmed_at, ${copied} from ${readings} r
    join (select u.id, u.run_at, u.read_at, u.confirmed_at as confirmed_at from ${unnest(pieces, types)}) u on ${isRun}
    where u.read_at > u.run_at`.execute(trx);
  await sql`
    update ${readings} r set confirmed_at = u.confirmed_at from ${unnest(pieces, types)}
    where ${isRun} and u.read_at = u.run_at`.execute(trx);
}
