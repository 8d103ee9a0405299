import { LRUCache } from 'lru-cache';
import type { Share } from '../services/context.ts';

const outcomesKept = 64;

/**
 * What questions about one state of an organization's data have in common, done by the first that asks (docs/adr/0005). A scope
 * is an organization, a data version and a day. Work that fails is done again by the next.
 */
export function createSharedWork(): (scope: string) => Share {
  const kept = new LRUCache<string, Promise<unknown>>({ max: outcomesKept });
  return (scope) =>
    <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const key = `${scope} ${name}`;
      const known = kept.get(key) as Promise<T> | undefined;
      if (known !== undefined) return known;
      const begun = work();
      kept.set(key, begun);
      begun.catch(() => {
        if (kept.peek(key) === begun) kept.delete(key);
      });
      return begun;
    };
}
