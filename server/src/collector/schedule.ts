import { type Kysely, type RawBuilder, sql } from 'kysely';
import { newId } from '../database/ids.ts';
import type { Database } from '../database/tables.ts';
import { claimablePosts, claimableProfiles, unclaimed } from './claimable.ts';

/** A collector that has not beaten for this long is taken for dead, and its claims are void. */
export const beatTimeoutMs = 15_000;
const claimTimeoutMinutes = 30;

const kinds = [claimableProfiles, claimablePosts];

/**
 * Claims what is due until this collector holds `limit` of each kind; up to as many again that were never read: somebody
 * waits for those, so they go first, and need not wait for room.
 */
export async function claimDue(
  db: Kysely<Database>,
  { collectorId, now, limit }: { collectorId: string; now: Date; limit: number },
): Promise<number> {
  let claimed = 0;
  for (const kind of kinds) {
    const onlyNew = sql`and ${kind.isNew}`;
    claimed += await claim(db, kind, { collectorId, now, limit: limit * 2, condition: onlyNew, priority: -10 });
  }
  for (const kind of kinds) {
    claimed += await claim(db, kind, { collectorId, now, limit, condition: sql``, priority: 0 });
  }
  return claimed;
}

/**
 * Claims and adds a job for each claim in one statement: nothing is ever claimed without a job, and two collectors never
 * claim the same (SKIP LOCKED). The jobs have no key: what is left of an older claim finds its claim void.
 */
async function claim(
  db: Kysely<Database>,
  { table, key, task, payload }: Pick<(typeof kinds)[number], 'table' | 'key' | 'task' | 'payload'>,
  {
    collectorId,
    now,
    limit,
    condition,
    priority,
  }: { collectorId: string; now: Date; limit: number; condition: RawBuilder<unknown>; priority: number },
): Promise<number> {
  const claimIds = Array.from({ length: limit }, () => newId());
  const keyOf = (alias: string) => sql.join(key.map((column) => sql.ref(`${alias}.${column}`)));
  const { rows } = await sql<{ claimed: number }>`
    with due as (
      select ${keyOf('locked')}, row_number() over (order by due_at) as place
      from (
        select ${keyOf('p')}, due_at from ${table} p
        where due_at <= ${now} and claim_id is null ${condition}
        order by due_at
        limit greatest(0, ${limit}::int - (select count(*) from ${table} where claimed_by = ${collectorId} and claim_id is not null))
        for update skip locked
      ) locked
    ), claimed as (
      update ${table} p set claim_id = c.claim_id, claimed_by = ${collectorId}, claimed_at = clock_timestamp()
      from due join unnest(${claimIds}::uuid[]) with ordinality as c(claim_id, place) using (place)
      where (${keyOf('p')}) = (${keyOf('due')})
      returning ${keyOf('p')}, p.claim_id
    ), jobs as (
      select graphile_worker.add_job(
        ${task}, json_build_object(${payload}, 'claimId', claim_id), max_attempts := 5, priority := ${priority}
      ) from claimed
    )
    select count(*)::int as claimed from jobs`.execute(db);
  return rows[0]?.claimed ?? 0;
}

/** When the next unclaimed profile or post is due; null when none is. */
export async function nextDue(db: Kysely<Database>): Promise<Date | null> {
  const next = kinds.map(
    ({ table }) =>
      sql`(select due_at from ${table} where due_at is not null and claim_id is null order by due_at limit 1)`,
  );
  const { rows } = await sql<{ due_at: Date | null }>`select least(${sql.join(next)}) as due_at`.execute(db);
  return rows[0]?.due_at ?? null;
}

/** Says that this collector is alive, by the database's clock: the one clock all collectors share. */
export async function beat(
  db: Kysely<Database>,
  collector: { collectorId: string; host: string; pid: number; sources: readonly string[] },
): Promise<void> {
  await sql`
    insert into collectors (collector_id, host, pid, sources, started_at, beat_at)
    values (${collector.collectorId}, ${collector.host}, ${collector.pid}, ${[...collector.sources]}, clock_timestamp(), clock_timestamp())
    on conflict (collector_id) do update set beat_at = clock_timestamp()`.execute(db);
}

/**
 * Frees the claims of collectors that are gone: silent for too long, or known to have died on this host. And claims far older
 * than any refresh may last: whatever became of their jobs, nothing stays unread.
 */
export async function releaseDead(db: Kysely<Database>, knownDead: readonly string[]): Promise<number> {
  const isDead = sql`(c.beat_at < clock_timestamp() - make_interval(secs => ${beatTimeoutMs / 1000}) or c.collector_id = any(${knownDead}::uuid[]))`;
  const release = ({ table }: (typeof kinds)[number]) => sql`
    update ${table} p set ${unclaimed}
    where claim_id is not null and (
      claimed_at < clock_timestamp() - make_interval(mins => ${claimTimeoutMinutes})
      or not exists (select from collectors c where c.collector_id = p.claimed_by and not ${isDead}))
    returning 1`;
  const { rows } = await sql<{ released: number }>`
    with dead as (
      delete from collectors c where ${isDead}
    ), profiles_released as (${release(claimableProfiles)}), posts_released as (${release(claimablePosts)})
    select (select count(*) from profiles_released)::int + (select count(*) from posts_released)::int as released`.execute(
    db,
  );
  return rows[0]?.released ?? 0;
}

/** Frees every claim of one collector. */
export async function releaseClaims(db: Kysely<Database>, collectorId: string): Promise<void> {
  for (const { table } of kinds) {
    // The index is of what is claimed.
    await sql`update ${table} set ${unclaimed} where claimed_by = ${collectorId} and claim_id is not null`.execute(db);
  }
}

/** A collector stops: it hands back what it has not finished, and is no longer one. */
export async function releaseOwn(db: Kysely<Database>, collectorId: string): Promise<void> {
  await releaseClaims(db, collectorId);
  await sql`delete from collectors where collector_id = ${collectorId}`.execute(db);
}
