import { utcDayNumber } from './runs.ts';

const dayMs = 86_400_000;

interface Run {
  readAt: Date;
  confirmedAt: Date;
}

/**
 * The pieces of a run of readings once other readings were made within it, at `times` in ascending order. Of a run only its first
 * and its last moment are known; on the days between the same counters were read at some moment. As for shared posts, they
 * count as the first reading of their day, so the pieces together were read on the same days as the run. Times outside the run
 * change nothing; at the moment of its last reading that stays one.
 */
export function splitRun(run: Run, times: readonly Date[]): Run[] {
  const pieces = [run];
  for (const at of times) {
    const last = pieces.at(-1);
    if (last === undefined || at <= last.readAt || at > last.confirmedAt) continue;
    pieces.splice(-1, 1, before(last, at), after(last, at));
  }
  return pieces;
}

const isStartOfDay = (at: Date): boolean => at.getTime() % dayMs === 0;

/** Up to the day of `at`; when nothing of that day is before `at`, up to the day before. */
function before({ readAt }: Run, at: Date): Run {
  const day = utcDayNumber(at) * dayMs - (isStartOfDay(at) ? dayMs : 0);
  return { readAt, confirmedAt: new Date(Math.max(readAt.getTime(), day)) };
}

function after({ confirmedAt }: Run, at: Date): Run {
  const next = isStartOfDay(at) ? at.getTime() + 1 : (utcDayNumber(at) + 1) * dayMs;
  return { readAt: new Date(Math.min(next, confirmedAt.getTime())), confirmedAt };
}
