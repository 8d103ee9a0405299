import type { Failure } from '../sources/source.ts';
import { nextDueAt, nextSightingAt, type Scheduled } from './due.ts';

const goneAfterSightings = 3;
const goneAfterMs = 24 * 3_600_000;

/** Outcomes that speak of what was looked for, not of the source. Several sources cannot tell gone from blocked. */
const outOfReach = new Set<Failure['code']>(['not_found', 'removed_post', 'unsupported_account', 'restricted']);

export interface Sightings {
  notFoundCount: number;
  notFoundSince: Date | null;
  isUnavailable: boolean;
}

/** Contract v2 §5.8: private at once, not found at the very first refresh, later after 3 sightings over 24 hours. */
export function judgeSighting(before: Sightings & { isRead: boolean }, code: Failure['code'], now: Date): Sightings {
  if (code === 'private') return { notFoundCount: 0, notFoundSince: null, isUnavailable: true };
  if (!outOfReach.has(code)) {
    // A failure of the source interrupts nothing and proves nothing.
    const { notFoundCount, notFoundSince, isUnavailable } = before;
    return { notFoundCount, notFoundSince, isUnavailable };
  }
  const notFoundSince = before.notFoundSince ?? now;
  const notFoundCount = before.notFoundCount + 1;
  const isGone = notFoundCount >= goneAfterSightings && now.getTime() - notFoundSince.getTime() >= goneAfterMs;
  return { notFoundCount, notFoundSince, isUnavailable: before.isUnavailable || !before.isRead || isGone };
}

/** When to look again after a failure: soon when the source failed, at the usual pace when it had an answer. */
export function dueAfterFailure(scheduled: Scheduled, failure: Failure, now: Date): Date | null {
  const isAnswer = failure.code === 'private' || outOfReach.has(failure.code);
  return isAnswer ? nextSightingAt(scheduled, now) : nextDueAt(scheduled, now, failure);
}
