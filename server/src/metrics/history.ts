import { type Counters, type Gains, unknownCounters, unreadGains } from './counters.ts';
import { addGains, bookReading, gain } from './gains.ts';
import { daysOfRun } from './runs.ts';

/** A row of post readings: the same counters on every UTC day from `readAt` to `confirmedAt`. */
export interface PostRun {
  readAt: Date;
  confirmedAt: Date;
  read: Counters;
}

/** A row of profile readings; `followers` null = the reading did not give them. */
export interface ProfileRun {
  readAt: Date;
  confirmedAt: Date;
  followers: number | null;
}

/** Everything an account booked on one UTC day. */
export interface BookedDay {
  gains: Gains;
  followers: number | null;
  /** The level at the end of the last earlier day that has one; null without followers on this day. */
  followersBefore: number | null;
  /** Sum of the day's rises, each over the reading before; the first reading of all adds 0. null without followers on this day. */
  followersGained: number | null;
}

/** UTC day number → what was booked. A day without an entry was not read. */
export type BookedDays = Map<number, BookedDay>;

const emptyDay: BookedDay = { gains: unreadGains, followers: null, followersBefore: null, followersGained: null };

/**
 * Books a history of one post into `days`, and answers the counters known at its end. `runs` are in order of time: all of
 * them, or those that follow the readings in which `knownBefore` was read. The same arithmetic as when the readings came in
 * one by one, so the result is the same to the last bit.
 */
export function bookPostRuns(
  days: BookedDays,
  runs: readonly PostRun[],
  countsFromZero: boolean,
  knownBefore: Counters = unknownCounters,
): Counters {
  let known = knownBefore;
  for (const run of runs) {
    for (const day of daysOfRun(run)) {
      const booked = days.get(day) ?? emptyDay;
      const reading = bookReading(known, run.read, countsFromZero);
      days.set(day, { ...booked, gains: addGains(booked.gains, reading.gains) });
      known = reading.known;
    }
  }
  return known;
}

/** Followers at the end of a day that gave them. */
interface Level {
  day: number;
  level: number;
  before: number | null;
  gained: number;
}

/** Books an account's followers: the level at the end of each day on which the profile was read, the level before, the rise. */
export function bookProfileRuns(days: BookedDays, runs: readonly ProfileRun[]): void {
  let last: Level | null = null;
  for (const { followers, ...run } of runs) {
    for (const day of daysOfRun(run)) {
      const booked = days.get(day) ?? emptyDay;
      if (followers !== null) last = nextLevel(last, day, followers);
      days.set(day, last?.day === day ? { ...booked, ...followersOf(last) } : booked);
    }
  }
}

function nextLevel(last: Level | null, day: number, level: number): Level {
  const rise = gain(last?.level ?? null, level, false) ?? 0;
  if (last?.day === day) return { ...last, level, gained: last.gained + rise };
  return { day, level, before: last?.level ?? null, gained: rise };
}

const followersOf = ({
  level,
  before,
  gained,
}: Level): Pick<BookedDay, 'followers' | 'followersBefore' | 'followersGained'> => ({
  followers: level,
  followersBefore: before,
  followersGained: gained,
});

/** Sums of counters over an account's posts; null where none is known. */
export function sumCounters(all: readonly Counters[]): Counters {
  return unknownCounters.map((_, i) => {
    const known = all.flatMap((counters) => counters[i] ?? []);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}
