import { sql } from 'kysely';
import { notFound } from '../../contract/problem.ts';
import { lockAccount } from '../accounts/lock-account.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { parseIds } from '../parse-ids.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';

/** Takes an account out of a creator's group. The account stays, active or paused as it is. */
export async function unlinkAccount(ctx: Context, input: { creatorId: string; accountId: string }): Promise<void> {
  authorize(ctx, 'write');
  const { creatorId, accountId } = parseIds(input);
  await inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const account = await lockAccount(trx, organizationId, accountId);
    if (account === null || account.creator_id !== creatorId) throw notFound('link');
    await sql`
      update accounts set creator_id = null, linked_at = null, paused_by_creator = false
      where organization_id = ${organizationId} and account_id = ${accountId}`.execute(trx);
    const detail = { account_id: accountId };
    await audit(trx, ctx, { action: 'creator.unlink', subjectType: 'creator', subjectId: creatorId, detail });
    await bumpVersion(trx, [organizationId]);
  });
}
