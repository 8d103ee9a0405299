import { type Counters, mergeKnown, readFromKnown, sameCounters, unreadMask } from '../metrics/counters.ts';
import { continuesRun } from '../metrics/runs.ts';
import { lostReason } from '../services/refused-readings/reasons.ts';
import type { ObservedProfile, Precision, RefusedItem } from '../sources/source.ts';
import { type Alarm, followersAlarm } from './alarms.ts';
import { type Compared, none, refusedFalls, withoutCounters } from './falls.ts';
import type { Moment } from './plan-posts.ts';

/** Names of a profile's levels, in the order of their counters. */
export const levelNames = ['follower_count', 'following_count', 'post_count'] as const;

/** Followers, following and posts of a profile, in this order. */
export interface KnownProfile {
  known: Counters;
  unread: number;
  precision: Precision | null;
  source: string | null;
  readAt: Date | null;
  confirmedAt: Date | null;
}

export interface PlannedProfile {
  read: Counters;
  known: Counters;
  unread: number;
  continues: boolean;
  closes: { readAt: Date; confirmedAt: Date } | null;
}

/**
 * 0 followers after a positive count are a failure of the source, not data, and so is everything that came with them. The item
 * to keep aside; null: the answer may be believed.
 */
export function lostFollowers({ followerCount }: ObservedProfile, known: Counters): RefusedItem | null {
  const lastKnown = known[0] ?? 0;
  if (followerCount !== 0 || lastKnown === 0) return null;
  const excerpt = { follower_count: 0, last_known: lastKnown };
  return { externalId: null, reason: lostReason, excerpt };
}

/** Like `planPost`, for the levels of a profile. */
export function planProfile(
  profile: ObservedProfile,
  before: KnownProfile,
  moment: Moment,
  doubted: ReadonlySet<number> = none,
): { planned: PlannedProfile; refused: RefusedItem[]; alarm: Alarm | null } {
  const given: Counters = [profile.followerCount, profile.followingCount, profile.postCount];
  const read = withoutCounters(given, doubted);
  const unread = unreadMask(read);
  const open = before.readAt && before.confirmedAt ? { readAt: before.readAt, confirmedAt: before.confirmedAt } : null;
  const continues =
    open !== null &&
    before.unread === unread &&
    sameCounters(readFromKnown(before.known, before.unread), read) &&
    continuesRun(
      { ...open, precision: before.precision, source: before.source },
      { at: moment.readAt, precision: profile.precision, source: moment.source, runBreakAt: moment.runBreakAt },
    );
  const closes = !continues && open !== null && open.confirmedAt > open.readAt ? open : null;
  return {
    planned: { read, known: mergeKnown(before.known, read), unread, continues, closes },
    refused: refusedFalls(null, levelNames, { known: before.known, read: given }, doubted),
    alarm: followersAlarm(before.known[0] ?? null, given[0] ?? null),
  };
}

/** Followers alone: how many somebody follows and has posted is theirs to change. */
export const levelsCompared = (before: KnownProfile, { followerCount }: ObservedProfile): Compared => ({
  externalId: null,
  postId: null,
  names: levelNames,
  before,
  read: [followerCount],
});
