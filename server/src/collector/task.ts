import { sql } from 'kysely';
import type { Task } from 'graphile-worker';
import { type Claim, handBack } from './claim.ts';
import { type RefreshDeps, refresh } from './refresh.ts';

const refreshTimeoutMs = 300_000;
const retryAfterMs = 10_000;

interface Payload {
  profileId: number;
  claimId: string;
}

function parsePayload(payload: unknown): Payload {
  const { profileId, claimId } = payload as Partial<Payload>;
  if (typeof profileId !== 'number' || typeof claimId !== 'string') throw new Error('not a refresh job');
  return { profileId, claimId };
}

export interface TaskHooks {
  onDone: () => void;
  /** A claim that could not be handed back, because the database was away: to be handed back later. */
  onOrphan: (claim: Claim) => void;
}

/**
 * The job around a refresh. An unexpected error (a database that went away) hands the profile back, due a little later, and
 * ends the job: the due-time column is the schedule, a job is only its errand. It never fails: graphile-worker would write
 * that down unwatched, and an error of that writing would end the process.
 */
export function refreshTask(deps: RefreshDeps, stopping: AbortSignal, { onDone, onOrphan }: TaskHooks): Task {
  return async (payload) => {
    const claim = parsePayload(payload);
    try {
      await refresh(deps, claim, AbortSignal.any([stopping, AbortSignal.timeout(refreshTimeoutMs)]));
    } catch (error) {
      deps.logger.error({ err: error, profileId: claim.profileId }, 'refresh broke off');
      await giveUp(deps, claim, !stopping.aborted).catch(() => onOrphan(claim));
    } finally {
      onDone();
    }
  };
}

async function giveUp(deps: RefreshDeps, claim: Claim, isFailure: boolean): Promise<void> {
  if (isFailure) {
    const retryAt = new Date(deps.clock.now().getTime() + retryAfterMs);
    await sql`
      update profiles set due_at = greatest(due_at, ${retryAt}), failure_count = failure_count + 1
      where profile_id = ${claim.profileId} and claim_id = ${claim.claimId}`.execute(deps.db);
  }
  await handBack(deps.db, claim);
}
