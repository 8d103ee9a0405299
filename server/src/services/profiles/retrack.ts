import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { plannedSchedule, wakeCollector } from '../schedule.ts';

export interface RetrackOptions {
  /** Someone new is looking, or waited too long: look at once. */
  refreshNow: boolean;
  /** Tracking began, paused, resumed or ended, so no run of readings may span this moment. Default true. */
  breaksRun?: boolean;
}

/**
 * Brings a profile's schedule in line with the accounts that look at it. A refresh that runs now is left alone. Wakes the
 * collector when the profile is due.
 * Called after the account rows were written: accounts are locked before their profile, as the collector does.
 */
export async function retrack(
  trx: Transaction<Database>,
  profileId: number,
  now: Date,
  { refreshNow, breaksRun = true }: RetrackOptions,
): Promise<void> {
  // Locked first, in a statement of its own: the update below must see what the transactions it waited for have committed.
  await sql`select from profiles where profile_id = ${profileId} for no key update`.execute(trx);
  const planned = plannedSchedule(
    sql`accounts where profile_id = ${profileId} and is_active and deleted_at is null`,
    sql`select due_at, last_attempt_at, confirmed_at as read_at from profiles where profile_id = ${profileId}`,
    { now, refreshNow },
  );
  const { rows } = await sql<{ is_due: boolean | null }>`
    update profiles p set interval_hours = planned.interval_hours, due_at = planned.due_at
    from (${planned}) as planned where p.profile_id = ${profileId}
    returning p.due_at <= ${now}::timestamptz as is_due`.execute(trx);
  if (breaksRun) await breakRuns(trx, profileId, now);
  if (rows[0]?.is_due === true) await wakeCollector(trx);
}

/**
 * No run of the profile's readings, nor of its posts', spans this moment. Every change of who looks moves run_break_at, also
 * a second one within a millisecond: a refresh sees by it that its list of trackers is out of date.
 */
export async function breakRuns(trx: Transaction<Database>, profileId: number, now: Date): Promise<void> {
  await sql`
    update profiles set run_break_at = greatest(run_break_at + interval '1 ms', ${now}::timestamptz)
    where profile_id = ${profileId}`.execute(trx);
}
