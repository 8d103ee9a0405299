import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import type { Failure, RefusedItem } from '../sources/source.ts';
import { indexCaptions, indexNewCaptions } from '../services/captions/index-captions.ts';
import { bumpHolders } from '../services/versions.ts';
import { type Alarm, likesAlarm } from './alarms.ts';
import type { ClaimedProfile } from './claim.ts';
import type { Claim } from './claimable.ts';
import { type BooksHeld, bookOnce } from './book-once.ts';
import { bookVideos, linkVideos } from './book-videos.ts';
import { type Doubts, doubtsOf } from './doubts.ts';
import { nextDueAt } from './due.ts';
import { type Identified, identify } from './identify.ts';
import { type Locked, lockToRecord } from './lock-to-record.ts';
import { momentOfReading } from './moment-of-reading.ts';
import type { Observation } from './observation.ts';
import {
  type Holding,
  type PlannedAccount,
  planAccount,
  postsInReach,
  type ReadPost,
  readPosts,
  textsOf,
} from './plan-account.ts';
import { type KnownPost, type Moment, type PlannedPost, planPost, postsCompared } from './plan-posts.ts';
import { levelsCompared, lostFollowers, planProfile } from './plan-profile.ts';
import { loadHoldings, loadPosts } from './read-state.ts';
import { learnedFacts, withFacts } from './post-facts.ts';
import { newlyTracked } from './tracked-video.ts';
import type { Tracker } from './tracker.ts';
import { writeAccounts } from './write-accounts.ts';
import { insertReadPosts, writePostReadings } from './write-posts.ts';
import { insertRefusals, keepAside, writeProfile } from './write-profile.ts';

export interface Written {
  status: 'recorded';
  readAt: Date;
  dueAt: Date | null;
  posts: number;
  alarms: Alarm[];
  /** The other profile with readings that has the same platform id, when this was not known before. */
  twinOf: number | null;
}

/** Nothing is written of numbers that are not the profile's own, or not to be believed: these are kept aside. */
export type Recorded = Written | Exclude<Judged, { status: 'own' }> | { status: 'lost_claim' };

/**
 * Writes what a refresh brought home, in one transaction: profile, posts, readings, day gains, sums, next due time.
 * A refresh whose claim was taken over meanwhile writes nothing, so running it twice or on two machines changes nothing.
 */
export function record(db: Kysely<Database>, clock: Clock, claim: Claim, answer: Observation): Promise<Recorded> {
  const held: BooksHeld = { isAlone: false };
  return repeatable(db, async (trx) => {
    const externalIds = answer.posts.map((post) => post.externalId);
    const locked = await lockToRecord(trx, claim, externalIds);
    if (locked === null) return { status: 'lost_claim' };
    const { trackers, profile } = locked;
    const judged = await judge(trx, clock, profile, answer);
    if (judged.status !== 'own') return judged;
    const known = await loadPosts(trx, claim.profileId, externalIds);
    const observation = { ...answer, posts: withFacts(answer.posts, known) };
    const learned = learnedFacts(observation.posts, known);
    const readAt = await momentOfReading(trx, clock, profile, [...known.values()], locked.videos);
    const moment = { readAt, runBreakAt: profile.runBreakAt, source: observation.source };
    const state = await stateOf(trx, known, locked, observation, moment);

    const refused: RefusedItem[] = [...observation.refused];
    const planned = planProfile(observation.profile, profile, moment, state.doubts.get(null));
    refused.push(...planned.refused);
    const posts = planPosts(observation, state, moment, refused);
    const postIds = await insertReadPosts(trx, claim.profileId, posts, moment);
    const retold = await writePostReadings(trx, claim.profileId, posts, moment);
    const read = readPosts(posts, postIds);
    const accounts = planAccounts(trackers, read, state);
    const dueAt = nextDueAt(profile, readAt, observation.incomplete);
    await writeProfile(trx, profile, planned.planned, observation, moment, dueAt);
    await writeAccounts(trx, profile, accounts, planned.planned, observation, readAt);
    const videos = await linkVideos(trx, claim.profileId, locked.videos, read);
    await bookVideos(trx, videos, read, { profileId: claim.profileId, readAt, source: observation.source });
    const added = addedTo(accounts);
    await bookOnce(trx, held, [...trackers, ...videos], {
      profileId: claim.profileId,
      platform: profile.platform,
      externalIds,
      readAt,
      newlyHeld: [...state.newlyTracked, ...added.map(({ post }) => post.externalId)],
      learned,
    });
    const retoldIds = [...retold, ...[...learned, ...added].map(({ postId }) => postId)];
    await indexTexts(trx, claim.profileId, read, new Set(postIds.values()), retoldIds);
    await insertRefusals(trx, claim.profileId, refused, moment);
    await bumpHolders(trx, claim.profileId);
    const alarms = [planned.alarm, likesAlarm(posts, state.known)].filter((alarm) => alarm !== null);
    return { status: 'recorded', readAt, dueAt, posts: posts.length, alarms, twinOf: judged.twinOf };
  });
}

/** Of posts that are new to the database, what they say is at hand. */
async function indexTexts(
  trx: Transaction<Database>,
  profileId: number,
  read: readonly ReadPost[],
  newIds: ReadonlySet<number>,
  retoldIds: readonly number[],
): Promise<void> {
  await indexNewCaptions(trx, profileId, textsOf(read.filter(({ postId }) => newIds.has(postId))));
  const others = new Set(retoldIds.filter((postId) => !newIds.has(postId)));
  await indexCaptions(trx, profileId, [...others]);
}

type Judged = Exclude<Identified, { status: 'unproven' }> | { status: 'refused'; failure: Failure };

/** Whose numbers these are, and whether the answer can be believed at all. */
async function judge(
  trx: Transaction<Database>,
  clock: Clock,
  profile: ClaimedProfile,
  observation: Observation,
): Promise<Judged> {
  const identified = await identify(trx, profile, observation);
  const refuse = async (item: RefusedItem): Promise<Judged> => {
    return { status: 'refused', failure: await keepAside(trx, profile.profileId, item, observation, clock) };
  };
  if (identified.status === 'unproven') return refuse(identified.refused);
  const lost = identified.status === 'own' ? lostFollowers(observation.profile, profile.known) : null;
  return lost === null ? identified : refuse(lost);
}

/** The posts that an account begins to hold. */
const addedTo = (accounts: readonly PlannedAccount[]): ReadPost[] =>
  accounts.flatMap(({ added }) => added.map((entry) => entry.post));

interface State {
  known: Map<string, KnownPost>;
  doubts: Doubts;
  holdings: Map<string, Map<number, Holding>>;
  reaches: Map<string, Set<string>>;
  /** External ids of posts that a video begins to hold with this reading. */
  newlyTracked: Set<string>;
}

async function stateOf(
  trx: Kysely<Database>,
  known: Map<string, KnownPost>,
  { profile, trackers, videos }: Locked,
  observation: Observation,
  moment: Moment,
): Promise<State> {
  const postIds = [...known.values()].map((post) => post.postId);
  const holdings = await loadHoldings(trx, trackers, postIds);
  const reaches = new Map(trackers.map((t) => [t.accountId, postsInReach(t, observation.posts, moment.readAt)]));
  const followers = levelsCompared(profile, observation.profile);
  const compared = [followers, ...postsCompared(known, observation.posts)];
  const doubts = await doubtsOf(trx, profile.profileId, compared, moment);
  return { known, doubts, holdings, reaches, newlyTracked: newlyTracked(videos) };
}

function planPosts(observation: Observation, state: State, moment: Moment, refused: RefusedItem[]): PlannedPost[] {
  return observation.posts.map((post) => {
    const before = state.known.get(post.externalId);
    // The history of a post begins with a row of its own for everybody who holds it.
    const isNewlyHeld =
      state.newlyTracked.has(post.externalId) ||
      [...state.reaches].some(
        ([accountId, reach]) =>
          before !== undefined && reach.has(post.externalId) && !state.holdings.get(accountId)?.has(before.postId),
      );
    const result = planPost(post, before, moment, isNewlyHeld, state.doubts.get(post.externalId));
    refused.push(...result.refused);
    return result.planned;
  });
}

function planAccounts(trackers: readonly Tracker[], read: readonly ReadPost[], state: State): PlannedAccount[] {
  return trackers.map((tracker) =>
    planAccount(
      tracker,
      read,
      state.holdings.get(tracker.accountId) ?? new Map(),
      state.reaches.get(tracker.accountId) ?? new Set(),
    ),
  );
}
