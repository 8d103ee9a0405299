import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { fellReason } from '../services/refused-readings/reasons.ts';

/** A counter by the name of its column; `postId` null: of the profile. */
export interface NamedCounter {
  postId: number | null;
  name: string;
}

export interface LastGiven extends NamedCounter {
  source: string;
  confirmedAt: Date;
}

interface Row {
  post_id: number | null;
  name: string;
  source: string;
  confirmed_at: Date;
}

/** The last reading that gave each of the counters. */
export async function lastGivenBefore(
  trx: Kysely<Database>,
  profileId: number,
  counters: readonly NamedCounter[],
): Promise<LastGiven[]> {
  const rows = counters.map(({ postId, name }) => ({ post_id: postId, name }));
  const wanted = unnest(rows, { post_id: 'bigint', name: 'text' });
  const latest = sql.raw('is not null order by r.read_at desc limit 1');
  const found = await sql<Row>`
    select u.post_id, u.name, r.source, r.confirmed_at from ${wanted} cross join lateral (
      select r.source, r.confirmed_at from post_readings r
      where r.profile_id = ${profileId} and r.post_id = u.post_id and to_jsonb(r) ->> u.name ${latest}
    ) r
    union all
    select u.post_id, u.name, r.source, r.confirmed_at from ${wanted} cross join lateral (
      select r.source, r.confirmed_at from profile_readings r
      where r.profile_id = ${profileId} and u.post_id is null and to_jsonb(r) ->> u.name ${latest}
    ) r`.execute(trx);
  return found.rows.map((row) => ({
    postId: row.post_id,
    name: row.name,
    source: row.source,
    confirmedAt: row.confirmed_at,
  }));
}

export interface RefusedFall {
  externalId: string | null;
  at: Date;
  read: Record<string, number>;
}

/** What was refused because it fell by half, in order of time. */
export async function refusedSince(
  trx: Kysely<Database>,
  profileId: number,
  given: readonly LastGiven[],
): Promise<RefusedFall[]> {
  if (given.length === 0) return [];
  const since = new Date(Math.min(...given.map(({ confirmedAt }) => confirmedAt.getTime())));
  const { rows } = await sql<{ external_id: string | null; refused_at: Date; read: Record<string, number> }>`
    select external_id, refused_at, excerpt -> 'read' as read from refused_readings
    where profile_id = ${profileId} and reason = ${fellReason} and refused_at > ${since}
    order by refusal_id`.execute(trx);
  return rows.map((row) => ({ externalId: row.external_id, at: row.refused_at, read: row.read }));
}
