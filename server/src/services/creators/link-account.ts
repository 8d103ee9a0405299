import { sql, type Transaction } from 'kysely';
import { conflict, notFound } from '../../contract/problem.ts';
import type { Database } from '../../database/tables.ts';
import { type LockedAccount, lockAccount } from '../accounts/lock-account.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { parseIds } from '../parse-ids.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { lockCreator } from './lock-creator.ts';

export interface Link {
  creatorId: string;
  accountId: string;
  linkedAt: Date;
  /** False when the account was linked to this creator already. */
  isNew: boolean;
}

/** Puts an account into a creator's group. An account is in one group at most; whether it is active does not change. */
export async function linkAccount(ctx: Context, input: { creatorId: string; accountId: string }): Promise<Link> {
  authorize(ctx, 'write');
  const { creatorId, accountId } = parseIds(input);
  return inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const creator = await lockCreator(trx, organizationId, creatorId, 'link');
    if (creator === null) throw notFound('creator');
    const account = await lockAccount(trx, organizationId, accountId);
    if (account === null) throw notFound('account');
    const link = { creatorId, accountId };
    const linkedAt = linkTime(account, creatorId);
    if (linkedAt !== null) return { ...link, linkedAt, isNew: false };
    const now = ctx.clock.now();
    await writeLink(trx, organizationId, link, now);
    const detail = { account_id: accountId };
    await audit(trx, ctx, { action: 'creator.link', subjectType: 'creator', subjectId: creatorId, detail });
    await bumpVersion(trx, [organizationId]);
    return { ...link, linkedAt: now, isNew: true };
  });
}

/** Since when the account is linked to this creator; null when it is linked to none. */
function linkTime(account: LockedAccount, creatorId: string): Date | null {
  if (account.creator_id === null) return null;
  if (account.creator_id !== creatorId) throw conflict('The account is linked to another creator; unlink it first.');
  return account.linked_at ?? account.added_at;
}

async function writeLink(
  trx: Transaction<Database>,
  organizationId: string,
  { creatorId, accountId }: { creatorId: string; accountId: string },
  now: Date,
): Promise<void> {
  await sql`
    update accounts set creator_id = ${creatorId}, linked_at = ${now}, paused_by_creator = false
    where organization_id = ${organizationId} and account_id = ${accountId}`.execute(trx);
}
