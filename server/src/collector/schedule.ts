import { type Kysely, sql } from 'kysely';
import { newId } from '../database/ids.ts';
import type { Database } from '../database/tables.ts';

/** A collector that has not beaten for this long is taken for dead, and its claims are void. */
export const beatTimeoutMs = 15_000;
const claimTimeoutMinutes = 30;

/** Somebody waits for the first refresh of a profile: it goes first, and need not wait for room. */
const firstRefresh = { condition: sql`and read_at is null`, priority: -10 };
const anyRefresh = { condition: sql``, priority: 0 };

/** Claims due profiles until this collector holds `limit` of them; up to as many again that were never read. */
export async function claimDue(
  db: Kysely<Database>,
  { collectorId, now, limit }: { collectorId: string; now: Date; limit: number },
): Promise<number> {
  const first = await claim(db, { collectorId, now, limit: limit * 2, ...firstRefresh });
  return first + (await claim(db, { collectorId, now, limit, ...anyRefresh }));
}

/**
 * Claims and adds a job for each claim in one statement: a profile is never claimed without a job, and two collectors never
 * claim the same one (SKIP LOCKED). The jobs have no key: what is left of an older claim finds its claim void.
 */
async function claim(
  db: Kysely<Database>,
  {
    collectorId,
    now,
    limit,
    condition,
    priority,
  }: { collectorId: string; now: Date; limit: number } & typeof anyRefresh,
): Promise<number> {
  const claimIds = Array.from({ length: limit }, () => newId());
  const { rows } = await sql<{ claimed: number }>`
    with due as (
      select profile_id, row_number() over (order by due_at) as place
      from (
        select profile_id, due_at from profiles
        where due_at <= ${now} and claim_id is null ${condition}
        order by due_at
        limit greatest(0, ${limit}::int - (select count(*) from profiles where claimed_by = ${collectorId} and claim_id is not null))
        for update skip locked
      ) locked
    ), claimed as (
      update profiles p set claim_id = c.claim_id, claimed_by = ${collectorId}, claimed_at = clock_timestamp()
      from due join unnest(${claimIds}::uuid[]) with ordinality as c(claim_id, place) using (place)
      where p.profile_id = due.profile_id
      returning p.profile_id, p.claim_id
    ), jobs as (
      select graphile_worker.add_job(
        'refresh_profile',
        json_build_object('profileId', profile_id, 'claimId', claim_id),
        max_attempts := 5, priority := ${priority}
      ) from claimed
    )
    select count(*)::int as claimed from jobs`.execute(db);
  return rows[0]?.claimed ?? 0;
}

/** When the next unclaimed profile is due; null when none is. */
export async function nextDue(db: Kysely<Database>): Promise<Date | null> {
  const { rows } = await sql<{ due_at: Date }>`
    select due_at from profiles where due_at is not null and claim_id is null order by due_at limit 1`.execute(db);
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
 * than any refresh may last: whatever became of their jobs, no profile stays unread.
 */
export async function releaseDead(db: Kysely<Database>, knownDead: readonly string[]): Promise<number> {
  const isDead = sql`(c.beat_at < clock_timestamp() - make_interval(secs => ${beatTimeoutMs / 1000}) or c.collector_id = any(${knownDead}::uuid[]))`;
  const { rows } = await sql<{ released: number }>`
    with dead as (
      delete from collectors c where ${isDead}
    ), released as (
      update profiles set claim_id = null, claimed_by = null, claimed_at = null
      where claim_id is not null and (
        claimed_at < clock_timestamp() - make_interval(mins => ${claimTimeoutMinutes})
        or not exists (select from collectors c where c.collector_id = profiles.claimed_by and not ${isDead}))
      returning 1
    )
    select count(*)::int as released from released`.execute(db);
  return rows[0]?.released ?? 0;
}

/** Frees every claim of one collector. */
export async function releaseClaims(db: Kysely<Database>, collectorId: string): Promise<void> {
  await sql`
    update profiles set claim_id = null, claimed_by = null, claimed_at = null where claimed_by = ${collectorId}`.execute(
    db,
  );
}

/** A collector stops: it hands back what it has not finished, and is no longer one. */
export async function releaseOwn(db: Kysely<Database>, collectorId: string): Promise<void> {
  await releaseClaims(db, collectorId);
  await sql`delete from collectors where collector_id = ${collectorId}`.execute(db);
}
