import { type Gains, gainNames, unreadGains } from './counters.ts';
import { type Day, startOfDay } from './days.ts';
import { addGains } from './gains.ts';
import { type BookedDays, bookPostRuns, type PostRun } from './history.ts';
import { dayOfNumber, daysOfRun, utcDayNumber } from './runs.ts';

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
  const pooled = pooledDays(holdings);
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

/** What the post itself gained in the days from `from` to `to`, both included: null for a metric that none of its readings there gave. */
export function pooledGains(holdings: readonly PostHolding[], from: Day, to: Day): Gains {
  const [first, last] = [utcDayNumber(startOfDay(from)), utcDayNumber(startOfDay(to))];
  return [...pooledDays(holdings)]
    .filter(([day]) => day >= first && day <= last)
    .reduce((sum: Gains, [, { gains }]) => addGains(sum, gains), unreadGains);
}

function pooledDays(holdings: readonly PostHolding[]): BookedDays {
  const pooled: BookedDays = new Map();
  const fromZero = holdings.some((holding) => holding.countsFromZero);
  bookPostRuns(pooled, poolRuns(holdings), fromZero);
  return pooled;
}

/**
 * The runs of all holders as single readings, in order of time. Of a run only the first and the last are known; one between
 * counts as the first of its day. That is exact: a post that several profiles show has rows of one reading each from its
 * first reading on that finds it so (docs/adr/0023), and what repeated a run before came before all readings of the others.
 */
function poolRuns(holdings: readonly PostHolding[]): PostRun[] {
  const runs = new Map<string, HeldRun>();
  for (const run of holdings.flatMap((holding) => holding.runs)) {
    runs.set(`${run.postId} ${run.readAt.getTime()}`, run);
  }
  const readings = [...runs.values()].flatMap((run) => momentsOf(run).map((at) => ({ run, at })));
  readings.sort(
    (a, b) =>
      a.at.getTime() - b.at.getTime() || a.run.readAt.getTime() - b.run.readAt.getTime() || a.run.postId - b.run.postId,
  );
  return readings.map(({ run, at }) => ({ readAt: at, confirmedAt: at, read: run.read }));
}

function momentsOf(run: HeldRun): Date[] {
  if (run.confirmedAt <= run.readAt) return [run.readAt];
  const between = daysOfRun(run).slice(1, -1);
  return [run.readAt, ...between.map((day) => startOfDay(dayOfNumber(day))), run.confirmedAt];
}
