import type { Kysely } from 'kysely';
import { RepeatError } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { type ClaimedProfile, lockClaimed } from './claim.ts';
import type { Claim } from './claimable.ts';
import { lockTrackers, type Tracker } from './tracker.ts';

/**
 * Holds what a refresh writes to: the trackers of the profile, then the profile itself; null when the claim is void. Who
 * began, resumed or ended tracking between the two is not among the trackers, though the reading to come would be its own
 * or not: every such change moves run_break_at, and the transaction begins anew.
 */
export async function lockToRecord(
  trx: Kysely<Database>,
  claim: Claim,
): Promise<{ trackers: Tracker[]; profile: ClaimedProfile } | null> {
  const { trackers, runBreakAt } = await lockTrackers(trx, claim.profileId);
  const profile = await lockClaimed(trx, claim);
  if (profile === null) return null;
  if (profile.runBreakAt?.getTime() !== runBreakAt?.getTime()) throw new RepeatError('who looks has changed meanwhile');
  return { trackers, profile };
}
