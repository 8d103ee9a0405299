import { type Counters, type Gains, mergeKnown, unknownCounters, unreadGains } from './counters.ts';
import { addGains, gainsOfReading } from './gains.ts';
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
}

/** UTC day number → what was booked. A day without an entry was not read. */
export type BookedDays = Map<number, BookedDay>;

const emptyDay: BookedDay = { gains: unreadGains, followers: null };

/**
 * Books the whole history of one post into `days`, and answers the counters known at its end. `runs` are in order of time.
 * The same arithmetic as when the readings came in one by one, so the result is the same to the last bit.
 */
export function bookPostRuns(days: BookedDays, runs: readonly PostRun[], countsFromZero: boolean): Counters {
  let known: Counters = unknownCounters;
  for (const run of runs) {
    for (const day of daysOfRun(run)) {
      const booked = days.get(day) ?? emptyDay;
      days.set(day, { ...booked, gains: addGains(booked.gains, gainsOfReading(known, run.read, countsFromZero)) });
      known = mergeKnown(known, run.read);
    }
  }
  return known;
}

/** Books an account's followers: the level at the end of each day on which the profile was read. */
export function bookProfileRuns(days: BookedDays, runs: readonly ProfileRun[]): void {
  for (const run of runs) {
    for (const day of daysOfRun(run)) {
      const booked = days.get(day) ?? emptyDay;
      days.set(day, { ...booked, followers: run.followers ?? booked.followers });
    }
  }
}

/** Sums of counters over an account's posts; null where none is known. */
export function sumCounters(all: readonly Counters[]): Counters {
  return unknownCounters.map((_, i) => {
    const known = all.flatMap((counters) => counters[i] ?? []);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}
