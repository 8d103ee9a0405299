import { type Kysely, sql } from 'kysely';
import { RepeatError } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import type { Platform } from '../sources/source.ts';
import { type ClaimedProfile, lockClaimed } from './claim.ts';
import type { Claim } from './claimable.ts';
import { lockVideos, type TrackedVideo } from './tracked-video.ts';
import { lockTrackers, type Tracker } from './tracker.ts';

/** Who looks at a profile or at posts of it, and the last change of them. */
export interface Lookers {
  trackers: Tracker[];
  videos: TrackedVideo[];
  runBreakAt: Date | null;
}

/** Locks everybody who looks, in the order in which everybody does; the profile comes after them. */
export async function lockLookers(
  trx: Kysely<Database>,
  profileId: number,
  externalIds: readonly string[],
): Promise<Lookers> {
  const { trackers, runBreakAt, areTracked } = await lockTrackers(trx, profileId, externalIds);
  if (!areTracked) return { trackers, videos: [], runBreakAt };
  const platform = sql<Platform>`(select platform from profiles where profile_id = ${profileId})`;
  return { trackers, videos: await lockVideos(trx, platform, externalIds), runBreakAt };
}

/**
 * Who began, resumed or ended tracking before the profile was locked is not among the lookers, though the reading to come
 * would be its own or not: every such change moves run_break_at, and the transaction begins anew.
 */
export function requireSameLookers(lookers: Lookers, profile: { runBreakAt: Date | null }): void {
  if (profile.runBreakAt?.getTime() !== lookers.runBreakAt?.getTime()) {
    throw new RepeatError('who looks has changed meanwhile');
  }
}

/** The same for all videos of a post, linked to a profile or not yet: whoever begins to track it holds the tracked post. */
export async function requireSameVideos(
  trx: Kysely<Database>,
  { platform, externalId }: { platform: Platform; externalId: string },
  videos: readonly TrackedVideo[],
): Promise<void> {
  const { rows } = await sql<{ videos: number }>`
    select count(*)::int as videos from videos
    where platform = ${platform} and external_id = ${externalId} and is_active and deleted_at is null`.execute(trx);
  if (rows[0]?.videos !== videos.length) throw new RepeatError('who looks at the post has changed meanwhile');
}

export interface Locked extends Lookers {
  profile: ClaimedProfile;
}

/** Holds what a refresh writes to: who looks, then the profile itself; null when the claim is void. */
export async function lockToRecord(
  trx: Kysely<Database>,
  claim: Claim,
  externalIds: readonly string[],
): Promise<Locked | null> {
  const lookers = await lockLookers(trx, claim.profileId, externalIds);
  const profile = await lockClaimed(trx, claim);
  if (profile === null) return null;
  requireSameLookers(lookers, profile);
  return { ...lookers, profile };
}
