import { type Counters, sameCounters } from '../metrics/counters.ts';
import { continuesRun } from '../metrics/runs.ts';
import type { ObservedPost, Precision } from '../sources/source.ts';
import type { TrackedAccount } from './backfill.ts';
import { nextDueAt } from './due.ts';
import type { Observation } from './observation.ts';
import { observe } from './observe.ts';
import { countersOf } from './plan-posts.ts';
import type { Simulation } from './simulate.ts';

export interface PastRun {
  readAt: Date;
  confirmedAt: Date;
  read: Counters;
  precision: Precision;
  source: string;
}

/** The runs of readings a profile and its posts would have had, in order of time. */
export interface PastRuns {
  profile: PastRun[];
  posts: Map<string, { post: ObservedPost; runs: PastRun[] }>;
}

const intervalHours = 24;

/** Looks at a profile through simulated time, up to its first real reading, and keeps the runs in memory. */
export async function pastRuns(simulation: Simulation, account: TrackedAccount): Promise<PastRuns> {
  const past: PastRuns = { profile: [], posts: new Map() };
  const ref = { platform: account.platform, username: account.username, platformProfileId: null };
  const reach = { maxPosts: null, lookbackDays: null, maxPages: simulation.maxPagesPerRefresh };
  let now: Date | null = simulation.startAt;
  while (now !== null && now < simulation.endAt && (account.firstReadAt === null || now < account.firstReadAt)) {
    const seen = await observe(simulation.sources, ref, reach, { now });
    if (seen.ok) addObservation(past, seen.value, now);
    simulation.onRefresh(account.profileId, now);
    now = nextDueAt({ profileId: account.profileId, intervalHours, failureCount: 0 }, now, null);
  }
  simulation.onRefresh(account.profileId, simulation.endAt);
  return past;
}

function addObservation(past: PastRuns, observation: Observation, at: Date): void {
  const { profile, source } = observation;
  const levels = [profile.followerCount, profile.followingCount, profile.postCount];
  addReading(past.profile, { at, read: levels, precision: profile.precision, source });
  for (const post of observation.posts) {
    const entry = past.posts.get(post.externalId) ?? { post, runs: [] };
    addReading(entry.runs, { at, read: countersOf(post), precision: post.precision, source });
    past.posts.set(post.externalId, { post, runs: entry.runs });
  }
}

function addReading(
  runs: PastRun[],
  reading: { at: Date; read: Counters; precision: Precision; source: string },
): void {
  const open = runs.at(-1);
  if (open && sameCounters(open.read, reading.read) && continuesRun(open, { ...reading, runBreakAt: null })) {
    open.confirmedAt = reading.at;
    return;
  }
  const { at, ...rest } = reading;
  runs.push({ readAt: at, confirmedAt: at, ...rest });
}
