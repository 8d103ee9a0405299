import { type Kysely, sql, type Transaction } from 'kysely';
import { repeatable } from '../../database/retry.ts';
import type { Database } from '../../database/tables.ts';
import { audit } from '../audit.ts';
import { retentionStart } from '../retention.ts';

const batchSize = 100;

interface Expired {
  organization_id: string;
  account_id: string;
}

/**
 * Removes for good what was deleted longer ago than deleted records are kept: housekeeping over all organizations.
 * Readings stay: they belong to the shared profile. Returns how many accounts went.
 */
export async function purgeDeletedAccounts(db: Kysely<Database>, now: Date, retentionDays?: number): Promise<number> {
  const keptSince = retentionStart(now, retentionDays);
  let purged = 0;
  for (;;) {
    const { rows } = await sql<Expired>`
      select organization_id, account_id from accounts
      where deleted_at < ${keptSince} limit ${batchSize}`.execute(db);
    for (const expired of rows) {
      if (await repeatable(db, (trx) => purgeAccount(trx, expired, now, keptSince))) purged += 1;
    }
    if (rows.length < batchSize) return purged;
  }
}

async function purgeAccount(
  trx: Transaction<Database>,
  expired: Expired,
  now: Date,
  keptSince: Date,
): Promise<boolean> {
  const { organization_id: organizationId, account_id: accountId } = expired;
  const { rows } = await sql<{ platform: string; username: string }>`
    delete from accounts where organization_id = ${organizationId} and account_id = ${accountId}
    and deleted_at < ${keptSince} returning platform, username`.execute(trx);
  if (rows[0] === undefined) return false;
  await sql`
    delete from account_days
    where organization_id = ${organizationId} and account_id = ${accountId}`.execute(trx);
  const author = {
    organizationId,
    actor: { type: 'system', name: 'housekeeping' },
    clock: { now: () => now },
    requestId: '',
  } as const;
  const detail = { ...rows[0] };
  await audit(trx, author, { action: 'account.purge', subjectType: 'account', subjectId: accountId, detail });
  return true;
}
