import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/tables.ts';
import type { Failure, Source } from '../sources/source.ts';
import { type ClaimedProfile, beginRefresh } from './claim.ts';
import type { Claim } from './claimable.ts';
import type { Observation } from './observation.ts';
import { observe } from './observe.ts';
import { type Recorded, record } from './record.ts';
import { recordFailure } from './record-failure.ts';

export interface RefreshDeps {
  db: Kysely<Database>;
  sources: readonly Source[];
  clock: Clock;
  logger: Logger;
  collectorId: string;
  maxPagesPerRefresh: number;
}

export type Refreshed = Recorded | { status: 'failed'; failure: Failure; dueAt: Date | null };

/**
 * Looks at one claimed profile and writes down what it found. Idempotent: whoever does not hold the claim any more writes
 * nothing, and a refresh that died leaves nothing behind but its claim.
 */
export async function refresh(deps: RefreshDeps, claim: Claim, signal?: AbortSignal): Promise<Refreshed> {
  const begun = await beginRefresh(deps.db, claim, deps.collectorId);
  if (begun === null) return { status: 'lost_claim' };
  const { profile, ...reach } = begun;
  const ref = { platform: profile.platform, username: profile.username, platformProfileId: profile.platformProfileId };
  const seen = await observe(
    deps.sources,
    ref,
    { ...reach, maxPages: deps.maxPagesPerRefresh },
    { now: deps.clock.now(), ...(signal ? { signal } : {}) },
  );
  if (signal?.aborted) throw new Error('the refresh was stopped');
  const failure = seen.ok ? otherProfile(profile, seen.value) : seen.failure;
  if (seen.ok && seen.value.isCut) {
    deps.logger.warn(
      { profileId: profile.profileId, pages: deps.maxPagesPerRefresh },
      'older posts were not read: page bound',
    );
  }
  if (failure === null && seen.ok) {
    const recorded = await record(deps.db, deps.clock, claim, seen.value);
    if (recorded.status === 'recorded') {
      for (const alarm of recorded.alarms) {
        deps.logger.warn({ profileId: profile.profileId, ...alarm }, 'a number moved by more than half');
      }
    }
    return recorded;
  }
  const reason: Failure = failure ?? { code: 'transient', message: 'unknown' };
  deps.logger.info({ profileId: profile.profileId, outcome: reason.code, reason: reason.message }, 'refresh failed');
  return { status: 'failed', failure: reason, dueAt: await recordFailure(deps.db, deps.clock, claim, reason) };
}

/** A handle that now belongs to somebody else: their numbers must not continue this series. Ids compare within one source. */
function otherProfile(profile: ClaimedProfile, seen: Observation): Failure | null {
  const [before, now] = [profile.platformProfileId, seen.profile.platformProfileId];
  if (profile.source !== seen.source || before === null || now === null || before === now) return null;
  return { code: 'not_found', message: `the handle belongs to another profile now (${now} instead of ${before})` };
}
