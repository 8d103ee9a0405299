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

// From here to the transaction's end, statements keep the plan they were first given: to plan them anew for every refresh was a
// fifth of Postgres' work (docs/adr/0013). They are look-ups by key, so no other plan would serve any values better.
const planOnce = sql`set_config('plan_cache_mode', 'force_generic_plan', true)`;

/**
 * The trackers of a profile, the last change of them, and whether a video may track one of these posts on its own. Their rows are locked in a fixed order before the profile's own
 * row: the same order in which services lock them, so that a refresh and a pause never wait for each other in a circle.
 */
export async function lockTrackers(
  db: Kysely<Database>,
  profileId: number,
  externalIds: readonly string[],
): Promise<{ trackers: Tracker[]; runBreakAt: Date | null; areTracked: boolean }> {
  const { rows } = await sql<(TrackerRow | { account_id: null }) & { run_break_at: Date | null; are_tracked: boolean }>`
    with locked as (
      select ${columns} from accounts a join organizations o using (organization_id)
      where a.profile_id = ${profileId} and a.is_active and a.deleted_at is null
      order by a.organization_id, a.account_id
      for no key update of a
    )
    select ${planOnce}, p.run_break_at, tracked.are_tracked, locked.*
    from profiles p cross join lateral (
      select exists (
        select from unnest(${externalIds}::text[]) as e(external_id)
        where exists (select from videos v where v.platform = p.platform and v.external_id = e.external_id offset 0)
      ) as are_tracked offset 0
    ) tracked left join locked on true
    where p.profile_id = ${profileId}`.execute(db);
  const trackers = rows.flatMap((row) => (row.account_id === null ? [] : trackerOf(row)));
  return { trackers, runBreakAt: rows[0]?.run_break_at ?? null, areTracked: rows[0]?.are_tracked ?? false };
}

const trackerOf = (row: TrackerRow): Tracker => ({
  organizationId: row.organization_id,
  accountId: row.account_id,
  addedAt: row.added_at,
  maxRecentPosts: row.max_recent_posts,
  lookbackDays: row.lookback_days,
  isUnavailable: row.is_unavailable,
});
