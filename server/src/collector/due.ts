import type { Failure } from '../sources/source.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

export interface Scheduled {
  /** The number of a profile or post. */
  seed: number;
  intervalHours: number | null;
  failureCount: number;
}

/**
 * A number in [0, 1) that differs from profile to profile (post to post) and from refresh to refresh, and is the same when the same
 * refresh is simulated again (an integer hash: Math.imul mixing as in MurmurHash3's finaliser).
 */
function spread(seed: number, at: Date): number {
  let h = (seed ^ Math.floor(at.getTime() / minuteMs)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * When to look again. After a success: one interval later, up to 5 % earlier so that profiles added together drift apart;
 * never later, since the interval is a promise. After a failure: as soon as the source allows, else with growing delay.
 * null when nobody active tracks the profile.
 */
export function nextDueAt(scheduled: Scheduled, now: Date, failure: Failure | null): Date | null {
  if (scheduled.intervalHours === null) return null;
  const intervalMs = scheduled.intervalHours * hourMs;
  const part = spread(scheduled.seed, now);
  if (failure === null) return new Date(now.getTime() + intervalMs * (1 - 0.05 * part));
  const growing = minuteMs * 2 ** Math.min(scheduled.failureCount, 10) * (0.75 + 0.5 * part);
  const asked = Math.max(failure.retryAfterMs ?? 0, failure.resetAt ? failure.resetAt.getTime() - now.getTime() : 0);
  const delayMs = asked > 0 ? asked + minuteMs * part : Math.min(growing, intervalMs);
  return new Date(now.getTime() + Math.min(delayMs, 24 * hourMs));
}

/** A profile that is private, gone or out of reach is looked at again after its interval, but at least twice a day. */
export function nextSightingAt(scheduled: Scheduled, now: Date): Date | null {
  if (scheduled.intervalHours === null) return null;
  const part = spread(scheduled.seed, now);
  return new Date(now.getTime() + Math.min(scheduled.intervalHours, 12) * hourMs * (1 + 0.05 * part));
}
