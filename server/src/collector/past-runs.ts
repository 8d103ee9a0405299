import type { Counters } from '../metrics/counters.ts';
import { unknownCounters } from '../metrics/counters.ts';
import type { ObservedPost, Precision } from '../sources/source.ts';
import type { TrackedAccount } from './cast.ts';
import { nextDueAt } from './due.ts';
import type { Observation } from './observation.ts';
import { observe } from './observe.ts';
import { postsInReach } from './plan-account.ts';
import { type KnownPost, type Moment, planPost } from './plan-posts.ts';
import { type KnownProfile, lostFollowers, planProfile } from './plan-profile.ts';
import type { Simulation } from './simulate.ts';

export interface PastRun {
  readAt: Date;
  confirmedAt: Date;
  read: Counters;
  precision: Precision;
  source: string;
}

export interface PastPost {
  post: ObservedPost;
  runs: PastRun[];
  state: KnownPost;
}

/** The runs of readings a profile and its posts would have had, in order of time. */
export interface PastRuns {
  profile: PastRun[];
  state: KnownProfile;
  posts: Map<string, PastPost>;
}

const intervalHours = 24;
const nothingKnown: KnownProfile = {
  known: [null, null, null],
  unread: 0,
  precision: null,
  source: null,
  readAt: null,
  confirmedAt: null,
};

/**
 * Looks at a profile through simulated time, up to its first real reading, and plans each reading as a refresh would:
 * what is refused, what extends a run, what begins one.
 */
export async function pastRuns(simulation: Simulation, account: TrackedAccount): Promise<PastRuns> {
  const past: PastRuns = { profile: [], state: nothingKnown, posts: new Map() };
  const wanted = { platform: account.platform, username: account.username, ids: {} };
  const { maxRecentPosts: maxPosts, lookbackDays } = account;
  const reach = { maxPosts, lookbackDays, maxPages: simulation.maxPagesPerRefresh };
  const endAt = account.firstReadAt ?? simulation.endAt;
  let now: Date | null = simulation.startAt;
  while (now !== null && now < endAt) {
    const seen = await observe(simulation.sources, wanted, reach, { now });
    if (seen.ok) addObservation(past, seen.value, account, now);
    simulation.onRefresh(account.profileId, now);
    now = nextDueAt({ seed: account.profileId, intervalHours, failureCount: 0 }, now, null);
  }
  simulation.onRefresh(account.profileId, simulation.endAt);
  return past;
}

function addObservation(past: PastRuns, observation: Observation, account: TrackedAccount, at: Date): void {
  const { profile, source, posts } = observation;
  if (lostFollowers(profile, past.state.known) !== null) return;
  const moment: Moment = { readAt: at, runBreakAt: null, source };
  const { planned } = planProfile(profile, past.state, moment);
  addReading(past.profile, { at, read: planned.read, precision: profile.precision, source }, planned.continues);
  past.state = stateAfter(past.state, planned, profile.precision, moment);
  const reach = postsInReach(account, posts, at);
  for (const post of posts) {
    if (reach.has(post.externalId) || past.posts.has(post.externalId)) addPost(past, post, moment);
  }
}

function addPost(past: PastRuns, post: ObservedPost, moment: Moment): void {
  const before = past.posts.get(post.externalId);
  const { planned } = planPost(post, before?.state, moment, false);
  const runs = before?.runs ?? [];
  const reading = { at: moment.readAt, read: planned.read, precision: post.precision, source: moment.source };
  addReading(runs, reading, planned.continues);
  const empty = { postId: 0, externalId: post.externalId, known: unknownCounters, unread: 0, ...nothingRead };
  const state = stateAfter(before?.state ?? empty, planned, post.precision, moment);
  past.posts.set(post.externalId, { post, runs, state: { ...state, viewKind: planned.viewKind } });
}

const nothingRead = {
  keepsEveryReading: false,
  viewKind: null,
  precision: null,
  source: null,
  readAt: null,
  confirmedAt: null,
};

function stateAfter<T extends KnownProfile>(
  before: T,
  planned: { known: Counters; unread: number; continues: boolean },
  precision: Precision,
  { readAt, source }: Moment,
): T {
  const { known, unread, continues } = planned;
  return {
    ...before,
    known,
    unread,
    precision,
    source,
    readAt: continues ? before.readAt : readAt,
    confirmedAt: readAt,
  };
}

function addReading(
  runs: PastRun[],
  { at, ...rest }: { at: Date; read: Counters; precision: Precision; source: string },
  continues: boolean,
): void {
  const open = runs.at(-1);
  if (open && continues) open.confirmedAt = at;
  else runs.push({ readAt: at, confirmedAt: at, ...rest });
}
