import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/tables.ts';
import type { Failure, Source } from '../sources/source.ts';
import { beginRefresh, type ClaimedProfile } from './claim.ts';
import type { Claim } from './claimable.ts';
import { whoseNumbers } from './identify.ts';
import { type Merged, mergeProfile } from './merge-profile.ts';
import type { Observation } from './observation.ts';
import { observe } from './observe.ts';
import { lostFollowers } from './plan-profile.ts';
import { record, type Written } from './record.ts';
import { recordFailure } from './record-failure.ts';

export interface RefreshDeps {
  db: Kysely<Database>;
  sources: readonly Source[];
  clock: Clock;
  logger: Logger;
  collectorId: string;
  maxPagesPerRefresh: number;
}

export type Refreshed =
  | Written
  | Merged
  | { status: 'failed'; failure: Failure; dueAt: Date | null }
  | { status: 'lost_claim' };

/**
 * Looks at one claimed profile and writes down what it found. Idempotent: whoever does not hold the claim any more writes
 * nothing, and a refresh that died leaves nothing behind but its claim.
 */
export async function refresh(deps: RefreshDeps, claim: Claim, signal?: AbortSignal): Promise<Refreshed> {
  const begun = await beginRefresh(deps.db, claim, deps.collectorId);
  if (begun === null) return { status: 'lost_claim' };
  const { profile, ...reach } = begun;
  const seen = await observe(
    deps.sources,
    profile,
    { ...reach, maxPages: deps.maxPagesPerRefresh },
    { now: deps.clock.now(), ...(signal ? { signal } : {}) },
    (answer) => isCredible(deps, profile, answer),
  );
  if (signal?.aborted) throw new Error('the refresh was stopped');
  if (!seen.ok) return failed(deps, claim, seen.failure);
  if (seen.value.isCut) {
    deps.logger.warn(
      { profileId: profile.profileId, pages: deps.maxPagesPerRefresh },
      'older posts were not read: page bound',
    );
  }
  const recorded = await record(deps.db, deps.clock, claim, seen.value);
  if (recorded.status === 'somebody_else') {
    return failed(deps, claim, seen.value.elsewhere ?? { code: 'not_found', message: recorded.message });
  }
  if (recorded.status === 'refused') return failed(deps, claim, recorded.failure);
  if (recorded.status === 'another') return merge(deps, claim, recorded.profileId, seen.value);
  if (recorded.status === 'recorded') raiseAlarms(deps, claim, recorded);
  return recorded;
}

/** At first sight: `record` decides under its locks. */
async function isCredible({ db, logger }: RefreshDeps, profile: ClaimedProfile, seen: Observation): Promise<boolean> {
  const isLost = lostFollowers(seen.profile, profile.known) !== null;
  const whose = await whoseNumbers(db, profile, seen);
  if (!isLost && whose === 'own') return true;
  const { profileId } = profile;
  logger.warn({ profileId, source: seen.source, ids: seen.ids, isLost, whose }, 'an answer is not believed');
  return false;
}

async function failed(deps: RefreshDeps, claim: Claim, failure: Failure): Promise<Refreshed> {
  deps.logger.info({ profileId: claim.profileId, outcome: failure.code, reason: failure.message }, 'refresh failed');
  return { status: 'failed', failure, dueAt: await recordFailure(deps.db, deps.clock, claim, failure) };
}

async function merge(deps: RefreshDeps, claim: Claim, into: number, seen: Observation): Promise<Refreshed> {
  const { username } = seen.profile;
  const merged = await mergeProfile(deps.db, deps.clock, claim, { into, username });
  if (merged.status === 'merged') deps.logger.info({ ...claim, into, username }, 'two handles were one profile');
  return merged;
}

function raiseAlarms({ logger }: RefreshDeps, { profileId }: Claim, { alarms, twinOf }: Written): void {
  for (const alarm of alarms) logger.warn({ profileId, ...alarm }, 'a number moved by more than half');
  if (twinOf !== null) logger.warn({ profileId, twinOf }, 'two profiles with readings share a platform id');
}
