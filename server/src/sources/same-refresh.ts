import type { RequestOptions } from './source.ts';

/** Answers that hold a profile and its posts at once: what a profile was asked for also serves the feed that is asked for next. */
export interface SameRefresh<T> {
  keep(key: string, value: T, options: RequestOptions): void;
  /** What was kept in this refresh, once; null when there is nothing, or it is of an earlier one. */
  take(key: string, options: RequestOptions): T | null;
}

/** Refreshes that ended between the two questions leave something behind; more than these are not under way. */
const most = 256;

/** All requests of one refresh are made at one time (RequestOptions.now), which tells its answers from older ones. */
export function createSameRefresh<T>(): SameRefresh<T> {
  const kept = new Map<string, { value: T; atMs: number }>();
  return {
    keep(key, value, { now }) {
      kept.delete(key);
      kept.set(key, { value, atMs: now.getTime() });
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
    take(key, { now }) {
      const found = kept.get(key);
      kept.delete(key);
      return found !== undefined && found.atMs === now.getTime() ? found.value : null;
    },
  };
}
