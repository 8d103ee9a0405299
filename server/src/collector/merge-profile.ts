import { type Kysely, sql, type Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import { RepeatError, repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { nameProfile } from '../services/profiles/handles.ts';
import { momentOfChange } from '../services/profiles/moment-of-change.ts';
import { retrack } from '../services/profiles/retrack.ts';
import { isUnread } from '../services/profiles/whose-ids.ts';
import { bumpHolders } from '../services/versions.ts';
import { type ClaimedProfile, lockClaimed } from './claim.ts';
import { type Claim, claimableProfiles, handBack } from './claimable.ts';

export type Merged = { status: 'merged'; into: number } | { status: 'lost_claim' };

interface AccountOfProfile {
  organization_id: string;
  is_tracking: boolean;
}

/**
 * The first refresh of a profile has found one that is tracked under another handle: whoever tracks the claimed profile tracks
 * that one from now on, and the claimed profile, of which nothing was ever read, ceases to be. What was read of the other
 * one before is not theirs. `username` is what the platform calls it now.
 */
export function mergeProfile(
  db: Kysely<Database>,
  clock: Clock,
  claim: Claim,
  { into, username }: { into: number; username: string },
): Promise<Merged> {
  return repeatable(db, async (trx) => {
    const accounts = await lockAccounts(trx, claim.profileId);
    const profile = await lockBoth(trx, claim, into);
    if (profile === null) return { status: 'lost_claim' };
    // Somebody began to track the profile before it was held.
    const found = await countAccounts(trx, claim.profileId);
    if (found > accounts.length) throw new RepeatError('the profile has new accounts');

    const now = await momentOfChange(trx, [into], clock.now());
    await moveToOther(trx, claim.profileId, into, now);
    await nameProfile(trx, { platform: profile.platform, profileId: into, username });
    await retrack(trx, into, now, { refreshNow: accounts.some((account) => account.is_tracking) });
    await bumpHolders(trx, into);
    return { status: 'merged', into };
  });
}

/** All accounts of the profile, also those that are paused or deleted. Videos lead to posts, and it has none. */
async function lockAccounts(trx: Transaction<Database>, profileId: number): Promise<AccountOfProfile[]> {
  const { rows } = await sql<AccountOfProfile>`
    select organization_id, is_active and deleted_at is null as is_tracking from accounts
    where profile_id = ${profileId} order by organization_id, account_id for no key update`.execute(trx);
  return rows;
}

/** Null when there is nothing to merge any more: the claim is void, the other one is gone, or something was read meanwhile. */
async function lockBoth(trx: Transaction<Database>, claim: Claim, into: number): Promise<ClaimedProfile | null> {
  const both = await sql`
    select from profiles where profile_id in (${claim.profileId}, ${into}) order by profile_id for no key update`.execute(
    trx,
  );
  const profile = await lockClaimed(trx, claim);
  if (profile === null) return null;
  if (both.rows.length === 2 && (await isUnread(trx, claim.profileId))) return profile;
  await handBack(trx, claimableProfiles, claim);
  return null;
}

async function countAccounts(trx: Transaction<Database>, profileId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from accounts where profile_id = ${profileId}`.execute(trx);
  return rows[0]?.count ?? 0;
}

/** The profile's handles are forgotten: the platform does not call it so any more. */
async function moveToOther(trx: Transaction<Database>, from: number, into: number, now: Date): Promise<void> {
  await sql`
    update accounts set profile_id = ${into}, counted_from = greatest(counted_from, ${now}::timestamptz)
    where profile_id = ${from}`.execute(trx);
  await sql`update profile_identities set profile_id = ${into} where profile_id = ${from}`.execute(trx);
  await sql`update refused_readings set profile_id = ${into} where profile_id = ${from}`.execute(trx);
  await sql`delete from profile_handles where profile_id = ${from}`.execute(trx);
  await sql`delete from profiles where profile_id = ${from}`.execute(trx);
}
