import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/tables.ts';
import { claimDue, nextDue } from './schedule.ts';

export interface Scheduler {
  /** Looks for due profiles now; runs after a running look has ended. */
  tick(): Promise<void>;
  /** A refresh has ended: there is room for more. */
  onDone(): void;
  stop(): Promise<void>;
}

interface SchedulerDeps {
  db: Kysely<Database>;
  collectorId: string;
  clock: Clock;
  logger: Logger;
  /** How many claimed profiles this collector keeps waiting and running. */
  capacity: number;
}

/** A missed wake-up costs at most this much. */
const longestSleepMs = 2_000;
const shortestSleepMs = 50;

/** Sleeps until the next profile is due, or until somebody wakes it, and claims what is due. */
export function startScheduler({ db, collectorId, clock, logger, capacity }: SchedulerDeps): Scheduler {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  let doneSinceTick = 0;
  // Whoever asks while a look is waiting for its turn shares it: it has not begun, so it sees what they mean.
  let isWaiting = false;

  const claimAndPlanSleep = async (): Promise<number> => {
    try {
      doneSinceTick = 0;
      await claimDue(db, { collectorId, now: clock.now(), limit: capacity });
      const due = await nextDue(db);
      const sleepMs = due === null ? longestSleepMs : due.getTime() - clock.now().getTime();
      // Overdue and still unclaimed means that this collector is full: a finished refresh will wake it.
      return sleepMs <= 0 ? longestSleepMs : Math.min(Math.max(sleepMs, shortestSleepMs), longestSleepMs);
    } catch (error) {
      logger.error({ err: error }, 'could not look for due profiles');
      return longestSleepMs;
    }
  };
  const tick = (): Promise<void> => {
    if (isWaiting) return running;
    isWaiting = true;
    running = running.then(async () => {
      isWaiting = false;
      if (isStopped) return;
      clearTimeout(timer);
      const sleepMs = await claimAndPlanSleep();
      timer = setTimeout(() => void tick(), sleepMs);
    });
    return running;
  };
  return {
    tick,
    onDone: () => {
      doneSinceTick += 1;
      if (doneSinceTick === Math.ceil(capacity / 4)) void tick();
    },
    stop: async () => {
      isStopped = true;
      await running;
      clearTimeout(timer);
    },
  };
}
