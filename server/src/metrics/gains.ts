import { type Counters, type Gains, gainNames, mergeKnown } from './counters.ts';

/**
 * Gain of one metric, booked on the UTC day of the later reading (contract v2 §3). Signed, never clamped.
 *
 * - `read` null: the metric was not read, so its gain is unknown (null), never 0.
 * - nothing `known` before: a post that existed before tracking began starts at its first reading (0);
 *   one published later counts from 0 (`countsFromZero`).
 * - otherwise the difference.
 */
export function gain(known: number | null, read: number | null, countsFromZero: boolean): number | null {
  if (read === null) return null;
  if (known === null) return countsFromZero ? read : 0;
  return read - known;
}

/** Three readings of one metric of one post; null where there is none. */
export interface Levels {
  /** The last reading before a window. */
  before: number | null;
  /** The last reading up to the window's end. */
  last: number | null;
  /** The very first reading: the baseline of a post that existed before tracking began. */
  first: number | null;
}

/**
 * Gain of one metric over a window: `L(end) - L(before start)` (contract v2 §3), so the sum of its days. null = never read
 * up to the window's end.
 */
export function gainOfWindow({ before, last, first }: Levels, countsFromZero: boolean): number | null {
  return gain(before ?? (countsFromZero ? null : first), last, countsFromZero);
}

/** The six day gains of one reading of one post, given what the account knew before. */
export function gainsOfReading(known: Counters, read: Counters, countsFromZero: boolean): Gains {
  return gainNames.map((_, i) => gain(known[i] ?? null, read[i] ?? null, countsFromZero));
}

/** What one reading of a post changes in the books of whoever holds the post: the gains, and what is known from then on. */
export function bookReading(
  known: Counters,
  read: Counters,
  countsFromZero: boolean,
): { gains: Gains; known: Counters } {
  return { gains: gainsOfReading(known, read, countsFromZero), known: mergeKnown(known, read) };
}

/** Adds nullable numbers: unknown plus something is something; unknown plus unknown stays unknown. */
export function addKnown(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  if (b === null) return a;
  return a + b;
}

export function addGains(a: Gains, b: Gains): Gains {
  return a.map((value, i) => addKnown(value, b[i] ?? null));
}

/** True when a post counts from 0: it was published at or after the moment its tracking began. */
export function countsFromZero(createTime: Date | null, trackingBeganAt: Date): boolean {
  return createTime !== null && createTime.getTime() >= trackingBeganAt.getTime();
}
