import { sql, type Transaction } from 'kysely';
import { notFound } from '../../contract/problem.ts';
import type { Database } from '../../database/tables.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { indexAccountCaptions } from '../captions/index-account-captions.ts';
import type { Context } from '../context.ts';
import { changeBooks } from '../organization-books/change-books.ts';
import { momentOfChange } from '../profiles/moment-of-change.ts';
import { retrack } from '../profiles/retrack.ts';
import { parseIds } from '../parse-ids.ts';
import { closePauses, openPauses } from '../pauses.ts';
import { rebookPostsOfAccount } from '../shared-posts/rebook-shared-posts.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { lockAccount } from './lock-account.ts';

/** Ends tracking and hides the account with its posts. Its history is kept for a while, in case it is added again. */
export async function deleteAccount(ctx: Context, input: { accountId: string }): Promise<void> {
  authorize(ctx, 'write');
  const { accountId } = parseIds(input);
  await inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const account = await lockAccount(trx, organizationId, accountId);
    if (account === null) throw notFound('account');
    const now = await momentOfChange(trx, [account.profile_id], ctx.clock.now());
    await changeBooks(trx, organizationId, { profileId: account.profile_id }, () =>
      hide(trx, organizationId, accountId, now),
    );
    await rebookPostsOfAccount(trx, organizationId, accountId);
    await indexAccountCaptions(trx, organizationId, accountId);
    const change = { holder: 'account', organizationId, ids: [accountId], now } as const;
    await closePauses(trx, change);
    await openPauses(trx, change, 'deleted');
    await retrack(trx, account.profile_id, now, { refreshNow: false });
    const detail = { platform: account.platform, username: account.username };
    await audit(trx, ctx, { action: 'account.delete', subjectType: 'account', subjectId: accountId, detail });
    await bumpVersion(trx, [organizationId]);
  });
}

async function hide(trx: Transaction<Database>, organizationId: string, accountId: string, now: Date): Promise<void> {
  await sql`
    update accounts set deleted_at = ${now}, creator_id = null, linked_at = null, paused_by_creator = false
    where organization_id = ${organizationId} and account_id = ${accountId}`.execute(trx);
  await sql`
    update account_videos set is_hidden = true
    where organization_id = ${organizationId} and account_id = ${accountId} and not is_hidden`.execute(trx);
}
