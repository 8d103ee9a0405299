import { type Gains, gainNames } from './counters.ts';
import { startOfDay } from './days.ts';
import { type BookedDays, bookPostRuns, type PostRun } from './history.ts';
import { dayOfNumber, daysOfRun } from './runs.ts';

/** A run of readings of one of the profiles' posts that are the same platform post. */
export interface HeldRun extends PostRun {
  postId: number;
}

/** A post as one account or video holds it: its own readings, in order of time. */
export interface PostHolding {
  countsFromZero: boolean;
  runs: readonly HeldRun[];
}

/**
 * By how much the day gains of all holders of one platform post together miss those of the post itself: UTC day number → what
 * to add, days without a difference left out. The post itself has all readings of its holders, each once, and the earliest
 * start of tracking among them, so it counts from 0 if any of them does (contract v2 §3, scope organization).
 */
export function sharedPostCorrections(holdings: readonly PostHolding[]): Map<number, Gains> {
  const pooled: BookedDays = new Map();
  const fromZero = holdings.some((holding) => holding.countsFromZero);
  bookPostRuns(pooled, poolRuns(holdings), fromZero);
  const held: BookedDays = new Map();
  for (const { runs, countsFromZero } of holdings) bookPostRuns(held, runs, countsFromZero);
  const corrections = new Map<number, Gains>();
  for (const [day, { gains }] of pooled) {
    const together = held.get(day)?.gains ?? [];
    const missing = gainNames.map((_, i) => (gains[i] ?? 0) - (together[i] ?? 0));
    if (missing.some((value) => value !== 0)) corrections.set(day, missing);
  }
  return corrections;
}

/**
 * The runs of all holders as readings of single days, in order of time. When a run was repeated on a later day is known
 * only while it is the latest; so a repetition counts as the first reading of its day, now and for ever. While counters
 * grow that is the true order: a reading that repeats an older value was made before one that shows a newer one.
 */
function poolRuns(holdings: readonly PostHolding[]): PostRun[] {
  const runs = new Map<string, HeldRun>();
  for (const run of holdings.flatMap((holding) => holding.runs)) {
    runs.set(`${run.postId} ${run.readAt.getTime()}`, run);
  }
  const readings = [...runs.values()].flatMap((run) =>
    daysOfRun(run).map((day, i) => ({ run, at: i === 0 ? run.readAt : startOfDay(dayOfNumber(day)) })),
  );
  readings.sort(
    (a, b) =>
      a.at.getTime() - b.at.getTime() || a.run.readAt.getTime() - b.run.readAt.getTime() || a.run.postId - b.run.postId,
  );
  return readings.map(({ run, at }) => ({ readAt: at, confirmedAt: at, read: run.read }));
}
