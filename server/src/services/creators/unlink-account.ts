import { sql } from 'kysely';
import { notFound } from '../../contract/problem.ts';
import { lockAccount } from '../accounts/lock-account.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';

/** Takes an account out of a creator's group. The account stays, active or paused as it is. */
export async function unlinkAccount(ctx: Context, input: { creatorId: string; accountId: string }): Promise<void> {
  authorize(ctx, 'write');
  await inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const account = await lockAccount(trx, organizationId, input.accountId);
    if (account === null || account.creator_id !== input.creatorId.toLowerCase()) throw notFound('link');
    await sql`
      update accounts set creator_id = null, linked_at = null, paused_by_creator = false
      where organization_id = ${organizationId} and account_id = ${account.account_id}`.execute(trx);
    const creatorId = account.creator_id;
    const detail = { account_id: account.account_id };
    await audit(trx, ctx, { action: 'creator.unlink', subjectType: 'creator', subjectId: creatorId, detail });
    await bumpVersion(trx, [organizationId]);
  });
}
