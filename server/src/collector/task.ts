import type { Task } from 'graphile-worker';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/tables.ts';
import { type Claimable, handBack, handBackUntil } from './claimable.ts';

const refreshTimeoutMs = 300_000;
const retryAfterMs = 10_000;

interface TaskDeps {
  db: Kysely<Database>;
  clock: Clock;
  logger: Logger;
  /** Aborted when the collector stops. */
  stopping: AbortSignal;
  onDone: () => void;
  /** A claim that could not be handed back, because the database was away: to be handed back later. */
  onOrphan: (again: () => Promise<void>) => void;
}

/**
 * The job around a refresh. An unexpected error (a database that went away) hands the claim back, due a little later, and
 * ends the job: the due-time column is the schedule, a job is only its errand. It never fails: graphile-worker would write
 * that down unwatched, and an error of that writing would end the process.
 */
export function refreshTask<C extends object>(
  deps: TaskDeps,
  kind: Claimable<C>,
  refresh: (claim: C, signal: AbortSignal) => Promise<unknown>,
): Task {
  const { db, stopping } = deps;
  return async (payload) => {
    const claim = kind.parse(payload);
    try {
      await refresh(claim, AbortSignal.any([stopping, AbortSignal.timeout(refreshTimeoutMs)]));
    } catch (error) {
      deps.logger.error({ err: error, claim }, 'refresh broke off');
      const retryAt = new Date(deps.clock.now().getTime() + retryAfterMs);
      const giveUp = stopping.aborted ? handBack(db, kind, claim) : handBackUntil(db, kind, claim, retryAt);
      await giveUp.catch(() => deps.onOrphan(() => handBack(db, kind, claim)));
    } finally {
      deps.onDone();
    }
  };
}
