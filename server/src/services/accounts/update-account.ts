import type { Transaction } from 'kysely';
import { conflict, notFound } from '../../contract/problem.ts';
import type { Database } from '../../database/tables.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { lockCreator } from '../creators/lock-creator.ts';
import { momentOfChange } from '../profiles/moment-of-change.ts';
import { retrack } from '../profiles/retrack.ts';
import { jsonOrNull } from '../json.ts';
import { parseIds } from '../parse-ids.ts';
import { closePauses, openPauses } from '../pauses.ts';
import { isOverdue } from '../schedule.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { type AccountRecord, findAccount } from './account-record.ts';
import { type LockedAccount, lockAccount } from './lock-account.ts';
import { type AccountChanges, parseAccountChanges } from './parse-account-changes.ts';

export async function updateAccount(
  ctx: Context,
  input: { accountId: string; changes: AccountChanges },
): Promise<AccountRecord> {
  authorize(ctx, 'write');
  const { accountId } = parseIds({ accountId: input.accountId });
  const changes = parseAccountChanges(input.changes);
  return inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const account = await lockForUpdate(trx, organizationId, accountId, changes.creator_id ?? null);
    const now = await momentOfChange(trx, [account.profile_id], ctx.clock.now());
    const write = columnsOf(account, changes, now);
    if (Object.keys(write).length > 0) {
      await trx
        .updateTable('accounts')
        .set(write)
        .where('organization_id', '=', organizationId)
        .where('account_id', '=', accountId)
        .execute();
    }
    await followActivity(trx, account, changes, now);
    const detail = { changed: Object.keys(changes) };
    await audit(trx, ctx, { action: 'account.update', subjectType: 'account', subjectId: accountId, detail });
    await bumpVersion(trx, [organizationId]);
    const updated = await findAccount(trx, organizationId, accountId);
    if (updated === null) throw notFound('account');
    return updated;
  });
}

async function lockForUpdate(
  trx: Transaction<Database>,
  organizationId: string,
  accountId: string,
  creatorId: string | null,
): Promise<LockedAccount> {
  const creator = creatorId === null ? null : await lockCreator(trx, organizationId, creatorId, 'link');
  const account = await lockAccount(trx, organizationId, accountId);
  if (account === null) throw notFound('account');
  if (creatorId === null) return account;
  if (creator === null) throw notFound('creator');
  if (account.creator_id !== null && account.creator_id !== creator.creator_id) {
    throw conflict('The account is linked to another creator; unlink it first.');
  }
  return account;
}

function columnsOf(account: LockedAccount, changes: AccountChanges, now: Date) {
  const { is_active: isActive, scrape_interval_hours: interval, creator_id: creatorId } = changes;
  const isActivityChanged = hasActivityChanged(account, changes);
  const isLinkChanged = creatorId !== undefined && creatorId !== account.creator_id;
  return {
    ...(isActivityChanged && { is_active: isActive ?? account.is_active }),
    ...(typeof interval === 'number' && { scrape_interval_hours: interval }),
    ...(changes.category !== undefined && { category: changes.category }),
    ...(changes.metadata !== undefined && { metadata: jsonOrNull(changes.metadata) }),
    ...(changes.max_recent_posts_per_account !== undefined && {
      max_recent_posts_per_account: changes.max_recent_posts_per_account,
    }),
    ...(changes.post_lookback_days !== undefined && { post_lookback_days: changes.post_lookback_days }),
    ...(isLinkChanged && { creator_id: creatorId, linked_at: creatorId === null ? null : now }),
    // No longer one of those that come back when its creator is resumed (contract v2 §5.3). An account that its creator had
    // paused and that is now paused by name stays paused, though nothing changes today.
    ...((typeof isActive === 'boolean' || isLinkChanged) && { paused_by_creator: false }),
  };
}

function hasActivityChanged(account: LockedAccount, { is_active: isActive }: AccountChanges): boolean {
  return typeof isActive === 'boolean' && isActive !== account.is_active;
}

/** Keeps the pauses and the profile's schedule in line with the account. */
async function followActivity(
  trx: Transaction<Database>,
  account: LockedAccount,
  changes: AccountChanges,
  now: Date,
): Promise<void> {
  const isChanged = hasActivityChanged(account, changes);
  const isActive = changes.is_active ?? account.is_active;
  const interval = changes.scrape_interval_hours ?? account.scrape_interval_hours;
  const pause = { holder: 'account', organizationId: account.organization_id, ids: [account.account_id], now } as const;
  if (isChanged && isActive) await closePauses(trx, pause);
  if (isChanged && !isActive) await openPauses(trx, pause, 'paused');
  if (!isChanged && interval === account.scrape_interval_hours) return;
  const refreshNow = isChanged && isActive && isOverdue(account, interval, now);
  await retrack(trx, account.profile_id, now, { refreshNow, breaksRun: isChanged });
}
