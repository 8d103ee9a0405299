import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import type { PlatformIds } from '../services/profiles/platform-ids.ts';
import type { Platform, Precision } from '../sources/source.ts';
import { type Claim, claimableProfiles, takeOver } from './claimable.ts';
import type { Scheduled } from './due.ts';
import type { KnownProfile } from './plan-profile.ts';

/** A due profile that one collector has taken, with everything a refresh needs to know of it. */
export interface ClaimedProfile extends KnownProfile, Scheduled {
  profileId: number;
  claimId: string;
  platform: Platform;
  username: string;
  /** By which sources know it. */
  ids: PlatformIds;
  /** Whether its name leads to it: false once another profile was seen under it. */
  hasHandle: boolean;
  twinOf: number | null;
  /** null: no source has said. */
  hidesCounts: boolean | null;
  dueAt: Date | null;
  runBreakAt: Date | null;
  isUnavailable: boolean;
  notFoundCount: number;
  notFoundSince: Date | null;
}

interface Row {
  profile_id: number;
  claim_id: string;
  platform: Platform;
  username: string;
  ids: PlatformIds | null;
  has_handle: boolean;
  twin_of: number | null;
  hides_counts: boolean | null;
  interval_hours: number | null;
  due_at: Date | null;
  failure_count: number;
  run_break_at: Date | null;
  is_unavailable: boolean;
  not_found_count: number;
  not_found_since: Date | null;
  follower_count: number | null;
  following_count: number | null;
  post_count: number | null;
  unread: number;
  precision: Precision | null;
  source: string | null;
  read_at: Date | null;
  confirmed_at: Date | null;
}

const columns =
  sql.raw(`profiles.profile_id, claim_id, platform, username, twin_of, hides_counts, interval_hours, due_at, failure_count,
  run_break_at, is_unavailable, not_found_count, not_found_since, follower_count, following_count, post_count, unread,
  precision, source, read_at, confirmed_at,
  (select jsonb_object_agg(id_space, platform_profile_id) from profile_identities i where i.profile_id = profiles.profile_id) as ids,
  exists (select from profile_handles h where h.platform = profiles.platform and h.username = profiles.username
    and h.profile_id = profiles.profile_id) as has_handle`);

/** Locks the profile for writing; null when the claim is no longer this one. */
export async function lockClaimed(trx: Kysely<Database>, claim: Claim): Promise<ClaimedProfile | null> {
  const { rows } = await sql<Row>`
    select ${columns} from profiles where profile_id = ${claim.profileId} and claim_id = ${claim.claimId}
    for no key update`.execute(trx);
  return rows[0] ? claimedProfile(rows[0]) : null;
}

/**
 * What a refresh needs to know before it looks: the profile and how far back its trackers want to see. null when the claim
 * is void. A job may run on another collector than the one that claimed; the claim goes with it, since it lives as long as
 * its holder is seen alive.
 */
export async function beginRefresh(
  db: Kysely<Database>,
  claim: Claim,
  collectorId: string,
): Promise<{ profile: ClaimedProfile; maxPosts: number | null; lookbackDays: number | null } | null> {
  const { rows } = await sql<Row & { claimed_by: string; max_posts: number | null; lookback_days: number | null }>`
    select ${columns}, claimed_by, reach.max_posts, reach.lookback_days
    from profiles, lateral (
      select case when bool_and(max_posts is not null) then max(max_posts) end as max_posts,
        case when bool_and(lookback_days is not null) then max(lookback_days) end as lookback_days
      from (
        select coalesce(a.max_recent_posts_per_account, o.max_recent_posts_per_account) as max_posts,
          coalesce(a.post_lookback_days, o.post_lookback_days) as lookback_days
        from accounts a join organizations o using (organization_id)
        where a.profile_id = ${claim.profileId} and a.is_active and a.deleted_at is null
      ) trackers
    ) reach
    where profiles.profile_id = ${claim.profileId} and claim_id = ${claim.claimId}`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  if (row.claimed_by !== collectorId && !(await takeOver(db, claimableProfiles, claim, collectorId))) return null;
  return { profile: claimedProfile(row), maxPosts: row.max_posts, lookbackDays: row.lookback_days };
}

function claimedProfile(row: Row): ClaimedProfile {
  return {
    profileId: row.profile_id,
    seed: row.profile_id,
    claimId: row.claim_id,
    platform: row.platform,
    username: row.username,
    ids: row.ids ?? {},
    hasHandle: row.has_handle,
    twinOf: row.twin_of,
    hidesCounts: row.hides_counts,
    intervalHours: row.interval_hours,
    dueAt: row.due_at,
    failureCount: row.failure_count,
    runBreakAt: row.run_break_at,
    isUnavailable: row.is_unavailable,
    notFoundCount: row.not_found_count,
    notFoundSince: row.not_found_since,
    known: [row.follower_count, row.following_count, row.post_count],
    unread: row.unread,
    precision: row.precision,
    source: row.source,
    readAt: row.read_at,
    confirmedAt: row.confirmed_at,
  };
}
