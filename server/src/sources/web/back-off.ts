import type { HttpClient } from '../http-client.ts';
import type { Failure, Result } from '../source.ts';

const walls = new Set<Failure['code']>(['challenge', 'blocked', 'rate_limited']);
/** Short at first: it may be one account's wall alone, which must not hold up the others. */
const firstPauseMs = 60_000;
const longestPauseMs = 12 * 3_600_000;

/** Heeds an answer, which it gives back as it is. */
export type BackOff = <T>(reply: Result<T>) => Result<T>;

/**
 * A platform that shows a wall wants no more requests from this address: all of them pause, each time for twice as long, until
 * an answer comes through again. Walls are never climbed.
 */
export function createBackOff(client: HttpClient): BackOff {
  let pauseMs = firstPauseMs;
  return (reply) => {
    if (reply.ok) pauseMs = firstPauseMs;
    else if (walls.has(reply.failure.code)) {
      client.pause(Math.max(pauseMs, reply.failure.retryAfterMs ?? 0));
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
    return reply;
  };
}
