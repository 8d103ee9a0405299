import type { Counters } from '../metrics/counters.ts';
import { fellReason } from '../services/refused-readings/reasons.ts';
import type { RefusedItem } from '../sources/source.ts';

export const none: ReadonlySet<number> = new Set();

/** A profile (no ids) or a post as it is known, and what was read of it now. */
export interface Compared {
  externalId: string | null;
  postId: number | null;
  names: readonly string[];
  before: { known: Counters; unread: number; source: string | null };
  read: Counters;
}

/** A counter that is less than half of what was known last. */
export interface Fall {
  index: number;
  now: number;
  lastKnown: number;
}

/** A value that was refused before, since the last known one was read. */
export interface RefusedValue {
  at: Date;
  value: number;
}

const smallestDoubted = 100;
const neededReadings = 3;
const neededMs = 24 * 3_600_000;

export function fallsOf(known: Counters, read: Counters): Fall[] {
  return read.flatMap((now, index) => {
    const lastKnown = known[index] ?? null;
    return now !== null && lastKnown !== null && now < lastKnown / 2 ? [{ index, now, lastKnown }] : [];
  });
}

/** Small numbers fall by half by themselves; beside a large one that fell they are as wrong as it is. */
export const areDoubtful = (falls: readonly Fall[]): boolean =>
  falls.some(({ lastKnown }) => lastKnown >= smallestDoubted);

/** True falls come through: the latest readings agree, three of them over a day. None is more than twice another one. */
export function isConfirmed({ now }: Fall, refused: readonly RefusedValue[], at: Date): boolean {
  const disagreeing = refused.findLastIndex(({ value }) => value * 2 < now || value > now * 2);
  const agreeing = refused.slice(disagreeing + 1);
  const [first] = agreeing;
  if (first === undefined || agreeing.length + 1 < neededReadings) return false;
  return at.getTime() - first.at.getTime() >= neededMs;
}

/** What is kept aside of a reading whose counters of these indexes are refused: both numbers of each, by name. */
export function refusedFalls(
  externalId: string | null,
  names: readonly string[],
  { known, read }: { known: Counters; read: Counters },
  refused: ReadonlySet<number>,
): RefusedItem[] {
  if (refused.size === 0) return [];
  const named = (counters: Counters) => Object.fromEntries([...refused].map((i) => [names[i] ?? '', counters[i]]));
  return [{ externalId, reason: fellReason, excerpt: { read: named(read), last_known: named(known) } }];
}

export const withoutCounters = (read: Counters, indexes: ReadonlySet<number>): Counters =>
  indexes.size === 0 ? read : read.map((count, i) => (indexes.has(i) ? null : count));
