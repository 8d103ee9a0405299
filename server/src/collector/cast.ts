import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import { newId } from '../database/ids.ts';
import { RepeatError, repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { createAccount } from '../services/accounts/create-account.ts';
import type { Context } from '../services/context.ts';
import { createCreator } from '../services/creators/create-creator.ts';
import { linkAccount } from '../services/creators/link-account.ts';
import type { Platform } from '../sources/source.ts';
import type { Claim } from './claimable.ts';
import type { Simulation } from './simulate.ts';

/** An account that takes part in a simulation, with the claim on its profile. */
export interface TrackedAccount extends Claim {
  accountId: string;
  platform: Platform;
  username: string;
  maxRecentPosts: number | null;
  lookbackDays: number | null;
  /** The first reading anybody has of this profile or a post of it: history is made before it, never over it. */
  firstReadAt: Date | null;
  isRead: boolean;
}

/** Who takes part in a simulation: accounts that are new, and accounts that were tracked before. */
export interface Cast {
  created: TrackedAccount[];
  existing: TrackedAccount[];
}

const firstNames = [
  'north',
  'luna',
  'milo',
  'ada',
  'kai',
  'iris',
  'remy',
  'noor',
  'otis',
  'vera',
  'juno',
  'enzo',
  'maya',
];
const trades = ['bakes', 'runs', 'paints', 'cooks', 'travels', 'codes', 'gardens', 'climbs', 'sews', 'films', 'surfs'];

/** A handle for demo account `i`; the same ones every time, so that a second demo finds the first one's accounts. */
function handleOf(i: number): { platform: Platform; username: string; creator: string } {
  const person = Math.floor(i / 2);
  const first = firstNames[person % firstNames.length] ?? 'demo';
  const trade = trades[(person * 5 + Math.floor(person / firstNames.length)) % trades.length] ?? 'demo';
  const round = Math.floor(person / (firstNames.length * trades.length));
  const username = `${first}_${trade}${round === 0 ? '' : round + 1}`;
  const creator = `${first[0]?.toUpperCase()}${first.slice(1)} ${trade}`;
  return { platform: i % 2 === 0 ? 'instagram' : 'tiktok', username, creator };
}

/** Takes the accounts that the organization tracks already, and creates demo accounts until there are `count`. */
export async function castAccounts(simulation: Simulation, count: number): Promise<Cast> {
  const existing = await takeExisting(simulation, count);
  const created: TrackedAccount[] = [];
  for (let i = 0; ; i += 1) {
    const account = await repeatable(simulation.db, (trx) => createClaimed(trx, simulation, handleOf(i), count));
    if (account === 'enough') return { created, existing };
    if (account !== 'known') created.push(account);
  }
}

/** Accounts whose history is shorter than the simulation's. One that is being refreshed at this moment is waited for. */
async function takeExisting(simulation: Simulation, count: number): Promise<TrackedAccount[]> {
  const { rows } = await sql<{ account_id: string }>`
    select account_id from accounts
    where organization_id = ${simulation.organizationId} and deleted_at is null and is_active and not is_unavailable
      and counted_from > ${simulation.startAt}::timestamptz + interval '1 day' and coalesce(source, 'sandbox') = 'sandbox'
    order by added_at, account_id limit ${count}`.execute(simulation.db);
  const taken: TrackedAccount[] = [];
  for (let attempt = 0; attempt < claimAttempts && taken.length < rows.length; attempt += 1) {
    if (attempt > 0) await sleep(claimPauseMs);
    const missing = rows
      .map((row) => row.account_id)
      .filter((id) => !taken.some((account) => account.accountId === id));
    taken.push(...(await claimAccounts(simulation.db, simulation, missing)));
  }
  return taken;
}

const claimAttempts = 40;
const claimPauseMs = 250;

/**
 * Begins to track a demo handle now, claimed in the same transaction, unless somebody tracks it already or the organization has
 * `count` accounts. Another demo for this organization waits meanwhile: so two make no more than one, with the same creators.
 */
async function createClaimed(
  trx: Transaction<Database>,
  simulation: Simulation,
  { platform, username, creator }: ReturnType<typeof handleOf>,
  count: number,
): Promise<TrackedAccount | 'known' | 'enough'> {
  const { organizationId, clock, logger } = simulation;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`tallyline.demo ${organizationId}`}, 0))`.execute(trx);
  const { rows } = await sql<{ tracked: number; is_known: boolean }>`
    select count(*)::int as tracked,
      exists (select from profile_handles where platform = ${platform} and username = ${username}) as is_known
    from accounts where organization_id = ${organizationId} and deleted_at is null and is_active`.execute(trx);
  const [{ tracked, is_known: isKnown } = { tracked: 0, is_known: false }] = rows;
  if (tracked >= count) return 'enough';
  if (isKnown) return 'known';
  const actor = { type: 'system', name: 'demo' } as const;
  const ctx: Context = { actor, organizationId, db: trx, clock, logger, requestId: `demo-${newId()}` };
  const { account_id: accountId } = await createAccount(ctx, { platform, username });
  await linkAccount(ctx, { creatorId: await creatorNamed(ctx, creator), accountId });
  const [claimed] = await claimAccounts(trx, simulation, [accountId]);
  if (claimed === undefined) throw new RepeatError('a demo of another organization has made the profile meanwhile');
  return claimed;
}

async function creatorNamed(ctx: Context, name: string): Promise<string> {
  const { rows } = await sql<{ creator_id: string }>`
    select creator_id from creators where organization_id = ${ctx.organizationId} and name = ${name}
    order by created_at, creator_id limit 1`.execute(ctx.db);
  return rows[0]?.creator_id ?? (await createCreator(ctx, { name })).creator_id;
}

/** Claims the profiles of these accounts, as far as nobody else has claimed them. */
async function claimAccounts(
  db: Kysely<Database>,
  { organizationId, collectorId }: Simulation,
  accountIds: readonly string[],
): Promise<TrackedAccount[]> {
  const { rows } = await sql<{
    account_id: string;
    profile_id: number;
    platform: Platform;
    username: string;
    claim_id: string;
    max_recent_posts: number | null;
    lookback_days: number | null;
    first_read_at: Date | null;
    is_read: boolean;
  }>`
    update profiles p set claim_id = gen_random_uuid(), claimed_by = ${collectorId}, claimed_at = clock_timestamp()
    from accounts a join organizations o using (organization_id)
    where a.organization_id = ${organizationId} and a.account_id = any(${[...accountIds]}::uuid[])
      and a.profile_id = p.profile_id and p.claim_id is null
    returning a.account_id, p.profile_id, p.platform, p.username, p.claim_id,
      coalesce(a.max_recent_posts_per_account, o.max_recent_posts_per_account) as max_recent_posts,
      coalesce(a.post_lookback_days, o.post_lookback_days) as lookback_days,
      least((select min(read_at) from profile_readings r where r.profile_id = p.profile_id),
        (select min(read_at) from post_readings r where r.profile_id = p.profile_id)) as first_read_at,
      p.read_at is not null as is_read`.execute(db);
  return rows.map((row) => ({
    accountId: row.account_id,
    profileId: row.profile_id,
    claimId: row.claim_id,
    platform: row.platform,
    username: row.username,
    maxRecentPosts: row.max_recent_posts,
    lookbackDays: row.lookback_days,
    firstReadAt: row.first_read_at,
    isRead: row.is_read,
  }));
}
