import { LRUCache } from 'lru-cache';
import type { Share } from '../services/context.ts';

const outcomesKept = 64;

/**
 * What questions about one state of an organization's data have in common, done by the first that asks (docs/adr/0005). A state
 * is a data version and a day; the outcome of another state takes the place of the one before. Work that fails is done again.
 */
export function createSharedWork(): (organizationId: string, state: string) => Share {
  const kept = new LRUCache<string, { state: string; outcome: Promise<unknown> }>({ max: outcomesKept });
  return (organizationId, state) =>
    <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const key = `${organizationId} ${name}`;
      const known = kept.get(key);
      if (known?.state === state) return known.outcome as Promise<T>;
      const outcome = work();
      const begun = { state, outcome };
      kept.set(key, begun);
      outcome.catch(() => {
        if (kept.peek(key) === begun) kept.delete(key);
      });
      return outcome;
    };
}
