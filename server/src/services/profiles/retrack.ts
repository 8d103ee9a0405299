import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';

export interface RetrackOptions {
  /** Someone new is looking, or waited too long: look at once. */
  refreshNow: boolean;
  /** Tracking began, paused, resumed or ended, so no run of readings may span this moment. Default true. */
  breaksRun?: boolean;
}

/**
 * Brings a profile's schedule in line with the accounts that look at it: the shortest interval among them, no due time
 * when nobody is left. A refresh that runs now is left alone. Wakes the collector when the profile is due.
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
  const { rows } = await sql<{ is_due: boolean | null }>`
    with wanted as (
      select min(scrape_interval_hours) as interval_hours from accounts
      where profile_id = ${profileId} and is_active and deleted_at is null
    ), planned as (
      select interval_hours, case
        when interval_hours is null then null
        when ${refreshNow} or last_look is null then ${now}::timestamptz
        else greatest(least(due_at, last_look + make_interval(hours => interval_hours)), ${now}::timestamptz)
      end as due_at
      from wanted, lateral (
        select due_at, greatest(last_attempt_at, confirmed_at) as last_look from profiles where profile_id = ${profileId}
      ) as profile
    )
    update profiles p set
      interval_hours = planned.interval_hours,
      due_at = planned.due_at,
      run_break_at = case when ${breaksRun} then greatest(p.run_break_at, ${now}::timestamptz) else p.run_break_at end
    from planned where p.profile_id = ${profileId}
    returning p.due_at <= ${now}::timestamptz as is_due`.execute(trx);
  if (rows[0]?.is_due === true) await wakeCollector(trx);
}

/**
 * Sent with the commit. Without a job key: replacing a job at the moment when a worker locks it loses the new one, and the
 * look for due profiles that it asks for is cheap and coalesced.
 */
async function wakeCollector(trx: Transaction<Database>): Promise<void> {
  await sql`select graphile_worker.add_job('schedule', payload := '{}'::json, max_attempts := 1, priority := -20)`.execute(
    trx,
  );
}
