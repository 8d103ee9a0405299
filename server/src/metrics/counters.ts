/** The counters of a post in the order of their database columns. */
export const counterNames = [
  'view_count',
  'play_count',
  'like_count',
  'comment_count',
  'share_count',
  'saved_count',
  'fb_play_count',
  'ig_play_count',
  'fb_like_count',
] as const;

export type CounterName = (typeof counterNames)[number];

/** Cumulative counters in the order of `counterNames`. null = unknown: not given, hidden, or not read yet. */
export type Counters = readonly (number | null)[];

/** The six gains that are booked per day. Gain i is the difference of counter i. */
export const gainNames = ['views', 'plays', 'likes', 'comments', 'shares', 'saves'] as const;

/** Gains in the order of `gainNames`. null = that metric was not read. */
export type Gains = readonly (number | null)[];

export const unknownCounters: Counters = counterNames.map(() => null);
export const unreadGains: Gains = gainNames.map(() => null);

/** A bit per counter that a reading did not give: the first counter is 1, the second 2, the third 4, … */
export function unreadMask(read: Counters): number {
  let mask = 0;
  for (let i = 0; i < read.length; i++) if (read[i] === null || read[i] === undefined) mask |= 1 << i;
  return mask;
}

/** The counters that a reading gave, from the last known ones and the mask of those it did not give. */
export function readFromKnown(known: Counters, mask: number): Counters {
  return known.map((value, i) => ((mask >> i) & 1 ? null : value));
}

/** What is known after a reading: a counter it did not give keeps its last known value. */
export function mergeKnown(known: Counters, read: Counters): Counters {
  return known.map((value, i) => read[i] ?? value);
}

export function sameCounters(a: Counters, b: Counters): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
