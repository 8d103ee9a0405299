import { utcDayNumber } from './runs.ts';

const dayMs = 86_400_000;

interface Run {
  readAt: Date;
  confirmedAt: Date;
}

/**
 * The pieces of a run of readings once other readings were made within it, at `times` in ascending order. Of a run only its first
 * and its last moment are known; on the days between the same counters were read at some moment. They count as the first reading
 * of their day (but after one of its very beginning, which is how days without a time are written), so the pieces together were
 * read on the same days as the run. Times outside the run change nothing; at the moment of its last reading that stays one.
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

/** When a repetition counts as read of which the day alone is known. */
const momentIn = (day: number): number => day * dayMs + 1;

/** Up to the day of `at`; when nothing of that day is before `at`, up to the day before. */
function before({ readAt }: Run, at: Date): Run {
  const day = utcDayNumber(at);
  const last = momentIn(day) < at.getTime() ? momentIn(day) : momentIn(day - 1);
  return { readAt, confirmedAt: new Date(Math.max(readAt.getTime(), last)) };
}

function after({ confirmedAt }: Run, at: Date): Run {
  const day = utcDayNumber(at);
  const next = momentIn(day) < at.getTime() ? momentIn(day + 1) : at.getTime() + 1;
  return { readAt: new Date(Math.min(next, confirmedAt.getTime())), confirmedAt };
}
