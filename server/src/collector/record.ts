import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import type { RefusedItem } from '../sources/source.ts';
import { bumpVersion } from '../services/versions.ts';
import { type Alarm, likesAlarm } from './alarms.ts';
import type { ClaimedProfile } from './claim.ts';
import type { Claim } from './claimable.ts';
import { nextDueAt } from './due.ts';
import { lockToRecord } from './lock-to-record.ts';
import type { Observation } from './observation.ts';
import { type Holding, type PlannedAccount, planAccount, postsInReach } from './plan-account.ts';
import { type KnownPost, type PlannedPost, planPost } from './plan-posts.ts';
import { planProfile } from './plan-profile.ts';
import { loadHoldings, loadPosts } from './read-state.ts';
import type { Tracker } from './tracker.ts';
import { writeAccounts } from './write-accounts.ts';
import { insertPosts, writePostReadings } from './write-posts.ts';
import { insertRefusals, writeProfile } from './write-profile.ts';

export type Recorded =
  | { status: 'recorded'; readAt: Date; dueAt: Date | null; posts: number; alarms: Alarm[] }
  | { status: 'lost_claim' };

/**
 * Writes what a refresh brought home, in one transaction: profile, posts, readings, day gains, sums, next due time.
 * A refresh whose claim was taken over meanwhile writes nothing, so running it twice or on two machines changes nothing.
 */
export function record(db: Kysely<Database>, clock: Clock, claim: Claim, observation: Observation): Promise<Recorded> {
  return repeatable(db, async (trx) => {
    const locked = await lockToRecord(trx, claim);
    if (locked === null) return { status: 'lost_claim' };
    const { trackers, profile } = locked;
    const readAt = momentOfReading(clock, profile);
    const moment = { readAt, runBreakAt: profile.runBreakAt, source: observation.source };
    const state = await stateOf(trx, claim.profileId, trackers, observation, readAt);

    const refused: RefusedItem[] = [...observation.refused];
    const planned = planProfile(observation.profile, profile, moment);
    if (planned.refused) refused.push(planned.refused);
    const posts = planPosts(observation, state, moment, refused);
    const postIds = await insertPosts(trx, claim.profileId, posts, moment);
    await writePostReadings(trx, claim.profileId, posts, postIds, moment);
    const accounts = planAccounts(trackers, posts, postIds, state);
    const dueAt = nextDueAt(profile, readAt, observation.incomplete);
    await writeProfile(trx, profile, planned.planned, observation, moment, dueAt);
    await writeAccounts(trx, profile, accounts, planned.planned, observation, readAt);
    await insertRefusals(trx, claim.profileId, refused, moment);
    await bumpVersion(trx, [...new Set(trackers.map((tracker) => tracker.organizationId))]);
    const alarms = [planned.alarm, likesAlarm(posts, state.known)].filter((alarm) => alarm !== null);
    return { status: 'recorded', readAt, dueAt, posts: posts.length, alarms };
  });
}

/** Taken under the locks, after every earlier reading and change of who is looking, even when clocks disagree. */
function momentOfReading(clock: Clock, profile: ClaimedProfile): Date {
  const after = Math.max(profile.confirmedAt?.getTime() ?? 0, profile.runBreakAt?.getTime() ?? 0);
  return new Date(Math.max(clock.now().getTime(), after + 1));
}

interface State {
  known: Map<string, KnownPost>;
  holdings: Map<string, Map<number, Holding>>;
  reaches: Map<string, Set<string>>;
}

async function stateOf(
  trx: Kysely<Database>,
  profileId: number,
  trackers: readonly Tracker[],
  observation: Observation,
  readAt: Date,
): Promise<State> {
  const known = await loadPosts(
    trx,
    profileId,
    observation.posts.map((post) => post.externalId),
  );
  const postIds = [...known.values()].map((post) => post.postId);
  const holdings = await loadHoldings(trx, trackers, postIds);
  const reaches = new Map(trackers.map((t) => [t.accountId, postsInReach(t, observation.posts, readAt)]));
  return { known, holdings, reaches };
}

function planPosts(
  observation: Observation,
  state: State,
  moment: Parameters<typeof planPost>[2],
  refused: RefusedItem[],
): PlannedPost[] {
  return observation.posts.map((post) => {
    const before = state.known.get(post.externalId);
    // An account's history of a post begins with a row of its own.
    const isNewlyHeld = [...state.reaches].some(
      ([accountId, reach]) =>
        before !== undefined && reach.has(post.externalId) && !state.holdings.get(accountId)?.has(before.postId),
    );
    const result = planPost(post, before, moment, isNewlyHeld);
    if (result.refused) refused.push(result.refused);
    return result.planned;
  });
}

function planAccounts(
  trackers: readonly Tracker[],
  posts: readonly PlannedPost[],
  postIds: ReadonlyMap<string, number>,
  state: State,
): PlannedAccount[] {
  const read = posts.flatMap((planned) => {
    const postId = planned.postId ?? postIds.get(planned.post.externalId);
    return postId === undefined ? [] : [{ postId, post: planned.post, read: planned.read }];
  });
  return trackers.map((tracker) =>
    planAccount(
      tracker,
      read,
      state.holdings.get(tracker.accountId) ?? new Map(),
      state.reaches.get(tracker.accountId) ?? new Set(),
    ),
  );
}
