import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import type { OperatorContext } from '../organizations/create-organization.ts';
import type { PageResult, Position } from '../lists/page.ts';
import { listRefusedReadings, type RefusedFilters, type RefusedReading } from './list-refused-readings.ts';
import { fellReason, lostReason } from './reasons.ts';
import { type RefusedNumber, type Verdict, verdictOn } from './verdict.ts';

export interface JudgedReading extends RefusedReading {
  verdict: Verdict;
}

interface Asked {
  id: string;
  profile_id: number;
  external_id: string | null;
  at: Date;
  name: string;
  refused: number;
}

/** Looks again at what was refused, by what has been read since. Changes nothing: no reading is made of it. */
export async function judgeRefusedReadings(
  ctx: OperatorContext,
  request: { limit: number; after: Position | null; filters: RefusedFilters },
): Promise<PageResult<JudgedReading>> {
  const page = await listRefusedReadings(ctx, request);
  const asked = page.items.flatMap(askedOf);
  const next = await nextGiven(ctx.db, asked);
  const numbers = Map.groupBy(
    asked.map(({ id, name, refused }): RefusedNumber & { id: string } => {
      return { id, refused, next: next.get(`${id} ${name}`) ?? null };
    }),
    ({ id }) => id,
  );
  return { ...page, items: page.items.map((item) => ({ ...item, verdict: verdictOn(numbers.get(item.id) ?? []) })) };
}

/** The numbers whose truth shows later. Views of the other kind and items without an id are refused for what they are. */
function askedOf({ id, profileId, externalId, refusedAt, reason, excerpt }: RefusedReading): Asked[] {
  const subject = { id, profile_id: profileId, external_id: externalId, at: refusedAt };
  if (reason === lostReason) return [{ ...subject, name: 'follower_count', refused: 0 }];
  if (reason !== fellReason) return [];
  const { read } = excerpt as { read: Record<string, number> };
  return Object.entries(read).map(([name, refused]) => ({ ...subject, name, refused }));
}

/** By id and name of the counter: what the first later reading says that gives it. */
async function nextGiven(db: Kysely<Database>, asked: readonly Asked[]): Promise<Map<string, number>> {
  if (asked.length === 0) return new Map();
  const wanted = unnest(
    asked.map(({ refused: _refused, ...rest }) => rest),
    { id: 'bigint', profile_id: 'bigint', external_id: 'text', at: 'timestamptz', name: 'text' },
  );
  const isNext = sql.raw('r.read_at > u.at and to_jsonb(r) ->> u.name is not null order by r.read_at limit 1');
  const { rows } = await sql<{ id: number; name: string; value: number }>`
    select u.id, u.name, r.value from ${wanted}
    join posts p on p.profile_id = u.profile_id and p.external_id = u.external_id cross join lateral (
      select (to_jsonb(r) ->> u.name)::bigint as value from post_readings r
      where r.profile_id = u.profile_id and r.post_id = p.post_id and ${isNext}
    ) r
    union all
    select u.id, u.name, r.value from ${wanted} cross join lateral (
      select (to_jsonb(r) ->> u.name)::bigint as value from profile_readings r
      where r.profile_id = u.profile_id and u.external_id is null and ${isNext}
    ) r`.execute(db);
  return new Map(rows.map(({ id, name, value }) => [`${id} ${name}`, value]));
}
