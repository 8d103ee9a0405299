import { type Kysely, sql } from 'kysely';
import { newId } from '../database/ids.ts';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import type { TrackedAccount } from './cast.ts';
import { type PastRuns, pastRuns } from './past-runs.ts';
import { rebuildAccount } from './rebuild.ts';
import type { Simulation } from './simulate.ts';
import { insertPastPosts, insertPastReadings } from './write-past.ts';

/**
 * Gives an account the readings it would have had, had tracking begun earlier: older readings are added, the account's start
 * moves back, and its books are made anew from all its readings. All in one transaction: killed before, nothing has happened.
 */
export async function backfill(simulation: Simulation, account: TrackedAccount): Promise<void> {
  const past = await pastRuns(simulation, account);
  if (past.profile.length === 0 && account.firstReadAt === null) return;
  const ref = { organizationId: simulation.organizationId, accountId: account.accountId };
  await repeatable(simulation.db, async (trx) => {
    await rebuildAccount(trx, ref, async () => {
      const postIds = await insertPastPosts(trx, account.profileId, past);
      await insertPastReadings(trx, account.profileId, past, postIds);
      await moveStartBack(trx, simulation, account, past);
      await holdFromTheStart(trx, simulation, account, [...postIds.values()]);
    });
  });
}

async function moveStartBack(
  trx: Kysely<Database>,
  simulation: Simulation,
  account: TrackedAccount,
  past: PastRuns,
): Promise<void> {
  const first = past.profile[0]?.readAt ?? null;
  await sql`
    update accounts set
      added_at = date_trunc('second', least(added_at, ${simulation.startAt}::timestamptz)),
      counted_from = least(counted_from, ${simulation.startAt}::timestamptz),
      first_scrape_time = date_trunc('second', least(first_scrape_time, ${first}::timestamptz))
    where organization_id = ${simulation.organizationId} and account_id = ${account.accountId}`.execute(trx);
}

/**
 * Every post that was read since the new start is held from its first such reading on, whoever caused it; and every post
 * counts from 0 exactly if it was published after the new start. An account with limits takes no more posts than it planned.
 */
async function holdFromTheStart(
  trx: Kysely<Database>,
  simulation: Simulation,
  account: TrackedAccount,
  pastIds: readonly number[],
): Promise<void> {
  const isLimited = account.maxRecentPosts !== null || account.lookbackDays !== null;
  const { organizationId } = simulation;
  const { rows } = await sql<{
    post_id: number;
    external_id: string;
    create_time: Date | null;
    media_type: string | null;
    added_at: Date;
  }>`
    select p.post_id, p.external_id, p.create_time, p.media_type, first.read_at as added_at
    from accounts a
    join posts p on p.profile_id = a.profile_id
    cross join lateral (
      select r.read_at from post_readings r
      where r.profile_id = p.profile_id and r.post_id = p.post_id and r.read_at >= a.counted_from
      order by r.read_at limit 1
    ) first
    where a.organization_id = ${organizationId} and a.account_id = ${account.accountId}
      and (not ${isLimited} or p.post_id = any(${[...pastIds]}::bigint[]) or exists (
        select from account_videos v where v.organization_id = a.organization_id and v.account_id = a.account_id and v.post_id = p.post_id))`.execute(
    trx,
  );
  if (rows.length === 0) return;
  const held = rows.map((row) => ({ account_video_id: newId(), ...row }));
  const types = {
    account_video_id: 'uuid',
    post_id: 'bigint',
    external_id: 'text',
    create_time: 'timestamptz',
    media_type: 'text',
    added_at: 'timestamptz',
  };
  await sql`
    insert into account_videos (account_video_id, post_id, external_id, create_time, media_type, added_at,
      organization_id, account_id, profile_id, platform, counts_from_zero)
    select u.*, a.organization_id, a.account_id, a.profile_id, a.platform, coalesce(u.create_time >= a.added_at, false)
    from ${unnest(held, types)}, accounts a
    where a.organization_id = ${organizationId} and a.account_id = ${account.accountId}
    on conflict (organization_id, post_id, account_id) do update set
      added_at = least(account_videos.added_at, excluded.added_at),
      create_time = coalesce(account_videos.create_time, excluded.create_time),
      counts_from_zero = excluded.counts_from_zero`.execute(trx);
}
