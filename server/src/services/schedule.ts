import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../database/tables.ts';

/** Contract v2 §5.1 and §5.2. */
export const defaultScrapeIntervalHours = 24;

export interface ScheduleChange {
  now: Date;
  /** Someone new is looking, or waited too long: look at once. */
  refreshNow: boolean;
}

/**
 * `interval_hours` and `due_at` in line with those who look: the shortest interval among them, no due time when nobody is
 * left. `holders` is what follows `from` for the active holders; `current` selects the `due_at` in force, `read_at` and
 * `last_attempt_at` of what they look at.
 */
export function plannedSchedule(
  holders: RawBuilder<unknown>,
  current: RawBuilder<unknown>,
  { now, refreshNow }: ScheduleChange,
): RawBuilder<{ interval_hours: number | null; due_at: Date | null }> {
  return sql`
    select interval_hours, case
      when interval_hours is null then null
      when ${refreshNow} or last_look is null then ${now}::timestamptz
      else greatest(least(due_at, last_look + make_interval(hours => interval_hours)), ${now}::timestamptz)
    end as due_at
    from (select min(scrape_interval_hours) as interval_hours from ${holders}) as wanted,
      lateral (select due_at, greatest(last_attempt_at, read_at) as last_look from (${current}) as looks) as current`;
}

/** Whether a holder's own last refresh lies further back than its interval. */
export function isOverdue(holder: { last_scrape_time: Date | null }, intervalHours: number, now: Date): boolean {
  const { last_scrape_time: last } = holder;
  return last === null || last.getTime() + intervalHours * 3_600_000 <= now.getTime();
}

/**
 * Sent with the commit. Without a job key: replacing a job at the moment when a worker locks it loses the new one, and the
 * look for what is due that it asks for is cheap and coalesced.
 */
export async function wakeCollector(trx: Transaction<Database>): Promise<void> {
  await sql`select graphile_worker.add_job('schedule', payload := '{}'::json, max_attempts := 1, priority := -20)`.execute(
    trx,
  );
}
