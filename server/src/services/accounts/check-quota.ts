import { sql, type Transaction } from 'kysely';
import { quotaExceeded } from '../../contract/problem.ts';
import type { Database } from '../../database/tables.ts';

/**
 * The organization's cap on accounts, null for none. With a cap, creations of one organization queue here until the
 * transaction ends, so that two can't both take the last place.
 */
export async function lockQuota(trx: Transaction<Database>, organizationId: string): Promise<number | null> {
  const { rows } = await sql<{ account_quota: number }>`
    select account_quota from organizations
    where organization_id = ${organizationId} and account_quota is not null for no key update`.execute(trx);
  return rows[0]?.account_quota ?? null;
}

/** Refuses one more account when the organization has reached its cap. Paused accounts count, deleted ones do not. */
export async function checkQuota(
  trx: Transaction<Database>,
  organizationId: string,
  quota: number | null,
): Promise<void> {
  if (quota === null) return;
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from accounts
    where organization_id = ${organizationId} and deleted_at is null`.execute(trx);
  if ((rows[0]?.count ?? 0) >= quota) throw quotaExceeded(`This organization may track at most ${quota} accounts.`);
}
