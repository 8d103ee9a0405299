import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Platform } from '../../sources/source.ts';
import { breakRuns, type RetrackOptions } from '../profiles/retrack.ts';
import { plannedSchedule, wakeCollector } from '../schedule.ts';

export interface ScheduledPost {
  platform: Platform;
  externalId: string;
  /** The author's profile, if the post was found. */
  profileId: number | null;
}

/**
 * Brings the schedule of a post that is tracked on its own in line with the active videos that look at it, as `retrack` does
 * for a profile. Called after the video rows were written.
 */
export async function retrackPost(
  trx: Transaction<Database>,
  { platform, externalId, profileId }: ScheduledPost,
  now: Date,
  { refreshNow, breaksRun = true }: RetrackOptions,
): Promise<void> {
  // The profile before its tracked posts, as everybody locks them.
  if (breaksRun && profileId !== null) await breakRuns(trx, profileId, now);
  const isPost = sql`platform = ${platform} and external_id = ${externalId}`;
  // Locked first, as in `retrack`.
  await sql`select from tracked_posts where ${isPost} for no key update`.execute(trx);
  const planned = plannedSchedule(
    sql`videos where ${isPost} and is_active and deleted_at is null`,
    sql`
      select t.due_at, t.last_attempt_at, p.confirmed_at as read_at
      from tracked_posts t left join posts p on p.profile_id = t.profile_id and p.post_id = t.post_id
      where t.platform = ${platform} and t.external_id = ${externalId}`,
    { now, refreshNow },
  );
  const { rows } = await sql<{ is_due: boolean | null }>`
    update tracked_posts t set interval_hours = planned.interval_hours, due_at = planned.due_at
    from (${planned}) as planned where t.platform = ${platform} and t.external_id = ${externalId}
    returning t.due_at <= ${now}::timestamptz as is_due`.execute(trx);
  if (rows[0]?.is_due === true) await wakeCollector(trx);
}
