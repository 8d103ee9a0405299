import { type Kysely, sql } from 'kysely';
import { newId } from '../database/ids.ts';
import type { Database } from '../database/tables.ts';
import { createAccount } from '../services/accounts/create-account.ts';
import type { Context } from '../services/context.ts';
import { createCreator } from '../services/creators/create-creator.ts';
import { linkAccount } from '../services/creators/link-account.ts';
import type { Platform } from '../sources/source.ts';
import type { TrackedAccount } from './backfill.ts';
import type { Claim } from './claim.ts';
import type { Simulation } from './simulate.ts';

/** Who takes part in a simulation: accounts that are new, and accounts that were tracked before. */
export interface Cast {
  created: Claim[];
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
  const created: Claim[] = [];
  const creators = new Map<string, string>();
  const { rows } = await sql<{ tracked: number }>`
    select count(*)::int as tracked from accounts
    where organization_id = ${simulation.organizationId} and deleted_at is null and is_active`.execute(simulation.db);
  let missing = count - (rows[0]?.tracked ?? 0);
  for (let i = 0; missing > 0; i += 1) {
    const claim = await createClaimed(simulation, handleOf(i), creators);
    if (claim === null) continue;
    created.push(claim);
    missing -= 1;
  }
  return { created, existing };
}

/** Accounts that the sandbox serves and whose history is shorter than the simulation's. */
async function takeExisting(simulation: Simulation, count: number): Promise<TrackedAccount[]> {
  const { db, organizationId, startAt, collectorId } = simulation;
  const { rows } = await sql<{
    account_id: string;
    profile_id: number;
    platform: Platform;
    username: string;
    claim_id: string;
    first_read_at: Date | null;
  }>`
    update profiles p set claim_id = gen_random_uuid(), claimed_by = ${collectorId}, claimed_at = clock_timestamp()
    from accounts a
    where a.profile_id = p.profile_id and p.claim_id is null
      and (a.organization_id, a.account_id) in (
        select organization_id, account_id from accounts
        where organization_id = ${organizationId} and deleted_at is null and is_active and not is_unavailable
          and added_at > ${startAt}::timestamptz + interval '1 day' and coalesce(source, 'sandbox') = 'sandbox'
        order by added_at, account_id limit ${count})
    returning a.account_id, p.profile_id, p.platform, p.username, p.claim_id,
      (select min(read_at) from profile_readings r where r.profile_id = p.profile_id) as first_read_at`.execute(db);
  return rows.map((row) => ({
    accountId: row.account_id,
    profileId: row.profile_id,
    claimId: row.claim_id,
    platform: row.platform,
    username: row.username,
    firstReadAt: row.first_read_at,
  }));
}

/** Begins to track a demo handle at the simulation's start, claimed in the same transaction; null when it is tracked already. */
async function createClaimed(
  simulation: Simulation,
  handle: ReturnType<typeof handleOf>,
  creators: Map<string, string>,
): Promise<Claim | null> {
  const { db, organizationId, startAt, logger, collectorId } = simulation;
  return db.transaction().execute(async (trx) => {
    const known = await sql`
      select from profile_handles where platform = ${handle.platform} and username = ${handle.username}`.execute(trx);
    if (known.rows.length > 0) return null;
    const ctx: Context = {
      actor: { type: 'system', name: 'demo' },
      organizationId,
      db: trx,
      clock: { now: () => startAt },
      logger,
      requestId: `demo-${newId()}`,
    };
    const account = await createAccount(ctx, { platform: handle.platform, username: handle.username });
    await groupAccount(ctx, handle.creator, account.account_id, creators);
    return claimFor(trx, account.account_id, organizationId, collectorId);
  });
}

async function groupAccount(
  ctx: Context,
  name: string,
  accountId: string,
  creators: Map<string, string>,
): Promise<void> {
  const creatorId = creators.get(name) ?? (await createCreator(ctx, { name })).creator_id;
  creators.set(name, creatorId);
  await linkAccount(ctx, { creatorId, accountId });
}

async function claimFor(
  trx: Kysely<Database>,
  accountId: string,
  organizationId: string,
  collectorId: string,
): Promise<Claim> {
  const { rows } = await sql<{ profile_id: number; claim_id: string }>`
    update profiles p set claim_id = gen_random_uuid(), claimed_by = ${collectorId}, claimed_at = clock_timestamp()
    from accounts a
    where a.organization_id = ${organizationId} and a.account_id = ${accountId} and p.profile_id = a.profile_id
    returning p.profile_id, p.claim_id`.execute(trx);
  const row = rows[0];
  if (row === undefined) throw new Error(`account ${accountId} has no profile`);
  return { profileId: row.profile_id, claimId: row.claim_id };
}
