import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';

/** An active account that looks at the profile being refreshed, with the settings in force. */
export interface Tracker {
  organizationId: string;
  accountId: string;
  addedAt: Date;
  maxRecentPosts: number | null;
  lookbackDays: number | null;
  isUnavailable: boolean;
}

interface TrackerRow {
  organization_id: string;
  account_id: string;
  added_at: Date;
  max_recent_posts: number | null;
  lookback_days: number | null;
  is_unavailable: boolean;
}

const columns = sql`a.organization_id, a.account_id, a.added_at, a.is_unavailable,
  coalesce(a.max_recent_posts_per_account, o.max_recent_posts_per_account) as max_recent_posts,
  coalesce(a.post_lookback_days, o.post_lookback_days) as lookback_days`;

/**
 * The trackers of a profile, and the last change of them. Their rows are locked in a fixed order before the profile's own
 * row: the same order in which services lock them, so that a refresh and a pause never wait for each other in a circle.
 */
export async function lockTrackers(
  db: Kysely<Database>,
  profileId: number,
): Promise<{ trackers: Tracker[]; runBreakAt: Date | null }> {
  const { rows } = await sql<(TrackerRow | { account_id: null }) & { run_break_at: Date | null }>`
    with locked as (
      select ${columns} from accounts a join organizations o using (organization_id)
      where a.profile_id = ${profileId} and a.is_active and a.deleted_at is null
      order by a.organization_id, a.account_id
      for no key update of a
    )
    select p.run_break_at, locked.* from profiles p left join locked on true
    where p.profile_id = ${profileId}`.execute(db);
  const trackers = rows.flatMap((row) => (row.account_id === null ? [] : trackerOf(row)));
  return { trackers, runBreakAt: rows[0]?.run_break_at ?? null };
}

const trackerOf = (row: TrackerRow): Tracker => ({
  organizationId: row.organization_id,
  accountId: row.account_id,
  addedAt: row.added_at,
  maxRecentPosts: row.max_recent_posts,
  lookbackDays: row.lookback_days,
  isUnavailable: row.is_unavailable,
});
