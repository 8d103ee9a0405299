import { failed, ok } from './outcome.ts';
import type { Result } from './source.ts';

export interface Taken {
  /** What it has cost in the end. */
  settle(units: number): void;
}

/** What may be used up in one UTC day. */
export interface DailyAllowance {
  /** Sets units aside, or refuses until the day is over: then nothing may be asked. */
  take(units: number, now: Date): Result<Taken>;
  /** The source says that there is nothing left. */
  exhaust(now: Date): void;
}

const dayMs = 86_400_000;
export const nextUtcDay = (now: Date): Date => new Date((Math.floor(now.getTime() / dayMs) + 1) * dayMs);

/** `what`: of which the day has so many, in the words of an operator. Counts this process alone; the source counts all. */
export function createDailyAllowance(perDay: number, what: string): DailyAllowance {
  let used = { untilMs: 0, units: 0, isGone: false };
  const today = (now: Date) => {
    const untilMs = nextUtcDay(now).getTime();
    if (untilMs !== used.untilMs) used = { untilMs, units: 0, isGone: false };
    return used;
  };
  return {
    take(units, now) {
      const day = today(now);
      if (day.isGone || day.units + units > perDay) {
        const message = `not asked: ${day.isGone ? 'all' : `${day.units} of ${perDay}`} ${what} of this day are used up`;
        return failed('quota_exhausted', message, { resetAt: new Date(day.untilMs) });
      }
      day.units += units;
      return ok({
        settle(actual) {
          day.units += actual - units;
        },
      });
    },
    exhaust(now) {
      today(now).isGone = true;
    },
  };
}
