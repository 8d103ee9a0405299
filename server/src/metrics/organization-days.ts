import type { Before } from './figures.ts';
import type { DayRow } from './series.ts';

/** What all posts of an organization gained on a day, and how its followers moved. null = not read that day. */
export interface SteppedDay extends Omit<DayRow, 'followers'> {
  /** Rise of the profiles' levels over those of their last earlier days; a first level counts in full. */
  step: number | null;
}

/**
 * Days with levels from days with steps: followers of a day are the sum of every profile's latest level up to it, or null
 * when no profile was read that day (contract v2 §3). `rows` are ascending, and `before` is what was known before the first.
 */
export function levelsOfSteps(rows: readonly SteppedDay[], before: Pick<Before, 'followers'>): DayRow[] {
  let level = before.followers ?? 0;
  return rows.map(({ step, ...row }) => {
    level += step ?? 0;
    return { ...row, followers: step === null ? null : level };
  });
}
