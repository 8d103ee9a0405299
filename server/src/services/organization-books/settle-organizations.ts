import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { utcDay } from '../../metrics/runs.ts';
import { lastSettledDay } from '../../metrics/settled.ts';
import { settleDays } from './settle-days.ts';
import { spanAccounts } from './span-accounts.ts';

/** Settles what can be settled, of every organization in turn, until it is told to stop. */
export async function settleOrganizations(db: Kysely<Database>, now: Date, stopping?: AbortSignal): Promise<void> {
  const { rows } = await sql<{ organization_id: string }>`
    select organization_id from organizations order by organization_id`.execute(db);
  for (const { organization_id: organizationId } of rows) {
    if (stopping?.aborted) return;
    await settleOrganization(db, organizationId, now, stopping);
  }
}

/** Settles one organization's days and spans, as far as they are not. */
export async function settleOrganization(
  db: Kysely<Database>,
  organizationId: string,
  now: Date,
  stopping?: AbortSignal,
): Promise<void> {
  const today = utcDay(now);
  await settleDays(db, organizationId, lastSettledDay(today), stopping);
  await spanAccounts(db, organizationId, today, stopping);
}
