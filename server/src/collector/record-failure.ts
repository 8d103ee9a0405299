import { type Kysely, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { bumpVersion } from '../services/versions.ts';
import type { Failure } from '../sources/source.ts';
import { type Claim, type ClaimedProfile, lockClaimed } from './claim.ts';
import { nextDueAt, nextSightingAt } from './due.ts';
import { type Tracker, lockTrackers } from './tracker.ts';

const hourMs = 3_600_000;
const goneAfterSightings = 3;
const goneAfterMs = 24 * hourMs;

/** Outcomes that speak of the profile, not of the source. Several sources cannot tell gone from blocked. */
const outOfReach = new Set<Failure['code']>(['not_found', 'unsupported_account', 'restricted']);

interface Sightings {
  notFoundCount: number;
  notFoundSince: Date | null;
  isUnavailable: boolean;
}

/** Contract v2 §5.8: private at once, not found at the very first refresh, later after 3 sightings over 24 hours. */
export function judgeSighting(
  profile: Sightings & { readAt: Date | null },
  code: Failure['code'],
  now: Date,
): Sightings {
  if (code === 'private') return { notFoundCount: 0, notFoundSince: null, isUnavailable: true };
  if (!outOfReach.has(code)) {
    // A failure of the source interrupts nothing and proves nothing.
    const { notFoundCount, notFoundSince, isUnavailable } = profile;
    return { notFoundCount, notFoundSince, isUnavailable };
  }
  const notFoundSince = profile.notFoundSince ?? now;
  const notFoundCount = profile.notFoundCount + 1;
  const isGone = notFoundCount >= goneAfterSightings && now.getTime() - notFoundSince.getTime() >= goneAfterMs;
  return { notFoundCount, notFoundSince, isUnavailable: profile.isUnavailable || profile.readAt === null || isGone };
}

/** Writes a refresh that brought nothing: when to try again, and whether the profile counts as unavailable now. */
export function recordFailure(
  db: Kysely<Database>,
  clock: Clock,
  claim: Claim,
  failure: Failure,
): Promise<Date | null> {
  return repeatable(db, async (trx) => {
    const trackers = await lockTrackers(trx, claim.profileId);
    const profile = await lockClaimed(trx, claim);
    if (profile === null) return null;
    const now = clock.now();
    const seen = judgeSighting(profile, failure.code, now);
    const isAboutProfile = failure.code === 'private' || outOfReach.has(failure.code);
    const dueAt = isAboutProfile ? nextSightingAt(profile, now) : nextDueAt(profile, now, failure);
    await writeFailure(trx, profile, failure, seen, now, dueAt);
    await markUnavailable(trx, trackers, seen.isUnavailable);
    return dueAt;
  });
}

async function writeFailure(
  trx: Kysely<Database>,
  profile: ClaimedProfile,
  failure: Failure,
  seen: Sightings,
  now: Date,
  dueAt: Date | null,
): Promise<void> {
  await sql`
    update profiles set
      is_unavailable = ${seen.isUnavailable}, not_found_count = ${seen.notFoundCount}, not_found_since = ${seen.notFoundSince},
      failure_count = ${profile.failureCount + 1}, last_attempt_at = ${now}, last_outcome = ${failure.code},
      due_at = ${dueAt}, claim_id = null, claimed_by = null, claimed_at = null
    where profile_id = ${profile.profileId}`.execute(trx);
}

async function markUnavailable(
  trx: Kysely<Database>,
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
