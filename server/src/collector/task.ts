import { sql } from 'kysely';
import type { Task } from 'graphile-worker';
import { handBack } from './claim.ts';
import { type RefreshDeps, refresh } from './refresh.ts';

const refreshTimeoutMs = 300_000;

interface Payload {
  profileId: number;
  claimId: string;
}

function parsePayload(payload: unknown): Payload {
  const { profileId, claimId } = payload as Partial<Payload>;
  if (typeof profileId !== 'number' || typeof claimId !== 'string') throw new Error('not a refresh job');
  return { profileId, claimId };
}

/**
 * The job around a refresh. An unexpected error (a database that went away) hands the profile back, due a minute later, and
 * ends the job: the due-time column is the schedule, a job is only its errand.
 */
export function refreshTask(deps: RefreshDeps, stopping: AbortSignal, onDone: () => void): Task {
  return async (payload) => {
    const claim = parsePayload(payload);
    try {
      await refresh(deps, claim, AbortSignal.any([stopping, AbortSignal.timeout(refreshTimeoutMs)]));
    } catch (error) {
      deps.logger.error({ err: error, profileId: claim.profileId }, 'refresh broke off');
      const retryAt = new Date(deps.clock.now().getTime() + 60_000);
      if (!stopping.aborted) {
        await sql`
          update profiles set due_at = greatest(due_at, ${retryAt}), failure_count = failure_count + 1
          where profile_id = ${claim.profileId} and claim_id = ${claim.claimId}`.execute(deps.db);
      }
      await handBack(deps.db, claim);
    } finally {
      onDone();
    }
  };
}
