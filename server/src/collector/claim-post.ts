import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import type { PlatformIds } from '../services/profiles/platform-ids.ts';
import type { Platform } from '../sources/source.ts';
import { claimablePosts, type PostClaim, takeOver } from './claimable.ts';
import type { Scheduled } from './due.ts';
import type { Sightings } from './sighting.ts';

/** A due post that one collector has taken, with everything a refresh needs to know of it. */
export interface ClaimedPost extends Scheduled, Sightings {
  platform: Platform;
  externalId: string;
  shortcode: string | null;
  authorUsername: string | null;
  /** The shared post; null until it was found, by a refresh of its own or in a feed. */
  profileId: number | null;
  postId: number | null;
  /** What is known of its author, and of the series that its readings make. */
  authorIds: PlatformIds;
  knownIgPlays: number | null;
}

interface Row {
  platform: Platform;
  external_id: string;
  shortcode: string | null;
  author_username: string | null;
  profile_id: number | null;
  post_id: number | null;
  interval_hours: number | null;
  failure_count: number;
  is_unavailable: boolean;
  not_found_count: number;
  not_found_since: Date | null;
  claimed_by: string;
  author_ids: PlatformIds | null;
  ig_play_count: number | null;
}

// A known author is asked for by the name of today.
const selectPost = sql`
  select t.platform, t.external_id, t.shortcode, coalesce(p.username, t.author_username) as author_username, t.profile_id,
    t.post_id, t.interval_hours, t.failure_count, t.is_unavailable, t.not_found_count, t.not_found_since, t.claimed_by,
    (select jsonb_object_agg(id_space, platform_profile_id) from profile_identities i where i.profile_id = t.profile_id) as author_ids,
    s.ig_play_count
  from tracked_posts t
  left join profiles p on p.profile_id = t.profile_id
  left join posts s on s.profile_id = t.profile_id and s.post_id = t.post_id`;

/** What a refresh needs to know before it looks; null when the claim is void. */
export async function beginPostRefresh(
  db: Kysely<Database>,
  claim: PostClaim,
  collectorId: string,
): Promise<ClaimedPost | null> {
  const { rows } = await sql<Row>`${selectPost} where ${claimablePosts.isHeld(claim, 't')}`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  if (row.claimed_by !== collectorId && !(await takeOver(db, claimablePosts, claim, collectorId))) return null;
  return claimedPost(row);
}

/** Locks the tracked post for writing, last of all; null when the claim is no longer this one. */
export async function lockClaimedPost(trx: Kysely<Database>, claim: PostClaim): Promise<ClaimedPost | null> {
  const { rows } = await sql<Row>`
    ${selectPost} where ${claimablePosts.isHeld(claim, 't')} for no key update of t`.execute(trx);
  return rows[0] ? claimedPost(rows[0]) : null;
}

// Ids exceed what a number holds; any part of one spreads posts well enough.
const largestSeed = 2n ** 31n - 1n;

function claimedPost(row: Row): ClaimedPost {
  return {
    seed: Number(BigInt(row.external_id) % largestSeed),
    platform: row.platform,
    externalId: row.external_id,
    shortcode: row.shortcode,
    authorUsername: row.author_username,
    profileId: row.profile_id,
    postId: row.post_id,
    authorIds: row.author_ids ?? {},
    knownIgPlays: row.ig_play_count,
    intervalHours: row.interval_hours,
    failureCount: row.failure_count,
    isUnavailable: row.is_unavailable,
    notFoundCount: row.not_found_count,
    notFoundSince: row.not_found_since,
  };
}
