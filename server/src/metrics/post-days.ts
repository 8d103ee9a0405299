import type { Counters, Gains } from './counters.ts';
import { addDays, type Day, startOfDay } from './days.ts';
import { type BookedDays, bookPostRuns, type PostRun } from './history.ts';
import { dayOfNumber } from './runs.ts';
import type { DayRow, GainRow } from './series.ts';

/** As much of one post's history as its figures in a span of days depend on. */
export interface PostHistory {
  /** The counters known before the span; null where no earlier reading gave them. */
  known: Counters;
  /** The runs that were read on a day of the span, in order of time; the first may have begun before it. */
  runs: readonly PostRun[];
  countsFromZero: boolean;
}

/**
 * The days from `from` to `to`, both included, on which a post was read, ascending, with its gains: the same as those
 * days of its whole history. A post has no followers.
 */
export function postDayRows(history: PostHistory, from: Day, to: Day): DayRow[] {
  const start = startOfDay(from);
  const end = new Date(startOfDay(addDays(to, 1)).getTime() - 1);
  // What a run repeated before the span is in `known`, so that its days inside it gain 0.
  const runs = history.runs
    .filter((run) => run.confirmedAt >= start && run.readAt <= end)
    .map((run) => ({
      ...run,
      readAt: run.readAt > start ? run.readAt : start,
      confirmedAt: run.confirmedAt < end ? run.confirmedAt : end,
    }));
  const days: BookedDays = new Map();
  bookPostRuns(days, runs, history.countsFromZero, history.known);
  return [...days].map(([day, { gains }]) => ({ day: dayOfNumber(day), ...gainRow(gains) }));
}

/** Gains of a post on a day, or in a window, as a row. */
export function gainRow(gains: Gains): GainRow {
  const [views = null, plays = null, likes = null, comments = null, shares = null, saves = null] = gains;
  return { views, plays, likes, comments, shares, saves, followers: null };
}
