import { setTimeout as wait } from 'node:timers/promises';
import type { Limits } from './manifest.ts';
import { CallerGone } from './transport-faults.ts';

/** Waits for the turn of one request. */
export type Pace = (signal: AbortSignal) => Promise<void>;

/** Requests start at least `intervalMs` apart, and up to `jitterMs` more, so that they do not beat like a clock. */
export function createPace(limits: Limits['pace']): Pace {
  if (limits === undefined) return async () => undefined;
  const { intervalMs, jitterMs } = limits;
  let nextAt = 0;
  return async (signal) => {
    const now = performance.now();
    const startAt = Math.max(now, nextAt);
    nextAt = startAt + intervalMs + Math.random() * jitterMs;
    if (startAt === now) return;
    await wait(startAt - now, undefined, { signal }).catch(() => {
      throw new CallerGone();
    });
  };
}
