import type { HttpClient } from './http-client.ts';
import type { Limits } from './manifest.ts';
import type { Result } from './source.ts';

/** Without a Retry-After the vendor gets this long to breathe. */
const defaultPauseMs = 1000;
const longestPauseMs = 15 * 60_000;

/** A refusal that speaks for every request with this key holds back the others, too. Answers the reply as it is. */
export function heedRateLimit<T>(client: HttpClient, limits: Limits, reply: Result<T>): Result<T> {
  if (!reply.ok && reply.failure.code === 'rate_limited' && limits.rateLimitScope === 'key') {
    client.pause(Math.min(reply.failure.retryAfterMs ?? defaultPauseMs, longestPauseMs));
  }
  return reply;
}
