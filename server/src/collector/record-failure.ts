import { type Kysely, sql, type Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { forgetHandle } from '../services/profiles/handles.ts';
import { bumpVersion } from '../services/versions.ts';
import type { Failure } from '../sources/source.ts';
import { type Claim, type Claimable, claimableProfiles, unclaimed } from './claimable.ts';
import { lockToRecord } from './lock-to-record.ts';
import { dueAfterFailure, judgeSighting, type Sightings } from './sighting.ts';
import type { Tracker } from './tracker.ts';

/** Writes a refresh that brought nothing: when to try again, and whether the profile counts as unavailable now. */
export function recordFailure(
  db: Kysely<Database>,
  clock: Clock,
  claim: Claim,
  failure: Failure,
): Promise<Date | null> {
  return repeatable(db, async (trx) => {
    const locked = await lockToRecord(trx, claim, []);
    if (locked === null) return null;
    const { trackers, profile } = locked;
    const now = clock.now();
    const seen = judgeSighting({ ...profile, isRead: profile.readAt !== null }, failure.code, now);
    const dueAt = dueAfterFailure(profile, failure, now);
    await writeFailure(trx, claimableProfiles, claim, { failure, seen, now, dueAt });
    // Gone, or renamed out of sight: what the platform shows under the handle from now on may be somebody else.
    if (seen.isUnavailable && failure.code === 'not_found' && profile.readAt !== null) await forgetHandle(trx, profile);
    await markUnavailable(trx, trackers, seen.isUnavailable);
    return dueAt;
  });
}

/** Lets the claim go, with what is known now of the profile or post. */
export async function writeFailure<C extends object>(
  trx: Kysely<Database>,
  kind: Claimable<C>,
  claim: C,
  { failure, seen, now, dueAt }: { failure: Failure; seen: Sightings; now: Date; dueAt: Date | null },
): Promise<void> {
  await sql`
    update ${kind.table} set
      is_unavailable = ${seen.isUnavailable}, not_found_count = ${seen.notFoundCount}, not_found_since = ${seen.notFoundSince},
      failure_count = failure_count + 1, last_attempt_at = ${now}, last_outcome = ${failure.code}, due_at = ${dueAt}, ${unclaimed}
    where ${kind.isHeld(claim)}`.execute(trx);
}

async function markUnavailable(
  trx: Transaction<Database>,
  trackers: readonly Tracker[],
  isUnavailable: boolean,
): Promise<void> {
  const changed = trackers.filter((tracker) => tracker.isUnavailable !== isUnavailable);
  if (changed.length === 0) return;
  await sql`
    update accounts a set is_unavailable = ${isUnavailable}
    from unnest(${changed.map((t) => t.organizationId)}::uuid[], ${changed.map((t) => t.accountId)}::uuid[])
           as u(organization_id, account_id)
    where a.organization_id = u.organization_id and a.account_id = u.account_id`.execute(trx);
  await bumpVersion(trx, [...new Set(changed.map((tracker) => tracker.organizationId))]);
}
