import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { type LockedAccount, lockLinkedAccounts } from '../accounts/lock-account.ts';
import { closePauses, openPauses } from '../pauses.ts';
import { momentOfChange } from '../profiles/moment-of-change.ts';
import { retrack } from '../profiles/retrack.ts';
import { isOverdue } from '../schedule.ts';

interface Group {
  organizationId: string;
  creatorId: string;
  now: Date;
}

/** Pauses every active account of the creator, and remembers that the creator did it. */
export async function pauseLinkedAccounts(trx: Transaction<Database>, group: Group): Promise<void> {
  const linked = await lockLinkedAccounts(trx, group.organizationId, group.creatorId);
  const active = linked.filter((account) => account.is_active);
  await switchAccounts(trx, group, active, false);
}

/** Resumes the accounts that pausing the creator had paused, and no other. */
export async function resumeLinkedAccounts(trx: Transaction<Database>, group: Group): Promise<void> {
  const linked = await lockLinkedAccounts(trx, group.organizationId, group.creatorId);
  const pausedByCreator = linked.filter((account) => account.paused_by_creator);
  await switchAccounts(trx, group, pausedByCreator, true);
}

async function switchAccounts(
  trx: Transaction<Database>,
  { organizationId, now: askedAt }: Group,
  accounts: readonly LockedAccount[],
  isActive: boolean,
): Promise<void> {
  if (accounts.length === 0) return;
  const ids = accounts.map((account) => account.account_id);
  const profileIds = accounts.map((account) => account.profile_id);
  const now = await momentOfChange(trx, profileIds, askedAt);
  await sql`
    update accounts set is_active = ${isActive}, paused_by_creator = ${!isActive}
    where organization_id = ${organizationId} and account_id = any(${ids}::uuid[])`.execute(trx);
  const change = { holder: 'account', organizationId, ids, now } as const;
  await (isActive ? closePauses(trx, change) : openPauses(trx, change, 'paused'));
  const byProfile = [...accounts].sort((a, b) => a.profile_id - b.profile_id);
  for (const account of byProfile) {
    const refreshNow = isActive && isOverdue(account, account.scrape_interval_hours, now);
    await retrack(trx, account.profile_id, now, { refreshNow });
  }
}
