import { type Kysely, sql } from 'kysely';
import { newId } from '../database/ids.ts';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { counterNames } from '../metrics/counters.ts';
import { countsFromZero } from '../metrics/gains.ts';
import type { Platform } from '../sources/source.ts';
import type { Claim } from './claim.ts';
import { type PastRuns, pastRuns } from './past-runs.ts';
import { rebuildAccount } from './rebuild.ts';
import type { Simulation } from './simulate.ts';
import { insertPastPosts, insertPastReadings } from './write-past.ts';

export interface TrackedAccount extends Claim {
  accountId: string;
  platform: Platform;
  username: string;
  /** The first reading anybody has of this profile: history is made before it, never over it. */
  firstReadAt: Date | null;
}

/**
 * Gives an account that is tracked already the readings it would have had, had tracking begun earlier: older readings are
 * added, the account's start moves back, and its books are made anew from all its readings.
 */
export async function backfill(simulation: Simulation, account: TrackedAccount): Promise<void> {
  const past = await pastRuns(simulation, account);
  if (past.profile.length === 0) return;
  await simulation.db.transaction().execute(async (trx) => {
    await sql`select from accounts where organization_id = ${simulation.organizationId} and account_id = ${account.accountId}
      for no key update`.execute(trx);
    await sql`select from profiles where profile_id = ${account.profileId} for no key update`.execute(trx);
    const postIds = await insertPastPosts(trx, account.profileId, past);
    await insertPastReadings(trx, account.profileId, past, postIds);
    await moveStartBack(trx, simulation, account, past);
    await holdFromTheStart(trx, simulation, account, past, postIds);
    await rebuildAccount(trx, { organizationId: simulation.organizationId, accountId: account.accountId });
  });
}

async function moveStartBack(
  trx: Kysely<Database>,
  simulation: Simulation,
  account: TrackedAccount,
  past: PastRuns,
): Promise<void> {
  const first = past.profile[0]?.readAt ?? simulation.startAt;
  await sql`
    update accounts set
      added_at = date_trunc('second', least(added_at, ${simulation.startAt}::timestamptz)),
      counted_from = least(counted_from, ${simulation.startAt}::timestamptz),
      first_scrape_time = date_trunc('second', least(first_scrape_time, ${first}::timestamptz)),
      last_scrape_time = coalesce(last_scrape_time, date_trunc('second', ${past.profile.at(-1)?.confirmedAt ?? first}::timestamptz))
    where organization_id = ${simulation.organizationId} and account_id = ${account.accountId}`.execute(trx);
}

/** Each post is held from its first past reading on, and counts from 0 only if it was published after the new start. */
async function holdFromTheStart(
  trx: Kysely<Database>,
  simulation: Simulation,
  account: TrackedAccount,
  past: PastRuns,
  postIds: ReadonlyMap<string, number>,
): Promise<void> {
  const startAt = new Date(Math.floor(simulation.startAt.getTime() / 1000) * 1000);
  const rows = [...past.posts].flatMap(([externalId, { post, runs }]) => {
    const [postId, first] = [postIds.get(externalId), runs[0]];
    if (postId === undefined || first === undefined) return [];
    return [
      {
        account_video_id: newId(),
        post_id: postId,
        create_time: post.createTime,
        media_type: post.mediaType,
        added_at: first.readAt,
        counts_from_zero: countsFromZero(post.createTime, startAt),
      },
    ];
  });
  if (rows.length === 0) return;
  const types = {
    account_video_id: 'uuid',
    post_id: 'bigint',
    create_time: 'timestamptz',
    media_type: 'text',
    added_at: 'timestamptz',
    counts_from_zero: 'boolean',
  };
  const unknown = sql.join(counterNames.map(() => sql`null::bigint`));
  await sql`
    insert into account_videos (account_video_id, post_id, create_time, media_type, added_at, counts_from_zero,
      organization_id, account_id, profile_id, platform, ${sql.join(counterNames.map((name) => sql.id(name)))})
    select u.*, ${simulation.organizationId}::uuid, ${account.accountId}::uuid, ${account.profileId}, ${account.platform}, ${unknown}
    from ${unnest(rows, types)}
    on conflict (organization_id, post_id, account_id) do update set
      added_at = least(account_videos.added_at, excluded.added_at), counts_from_zero = excluded.counts_from_zero`.execute(
    trx,
  );
}
