import { sql } from 'kysely';
import { notFound } from '../../contract/problem.ts';
import { lockLinkedAccounts } from '../accounts/lock-account.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { parseIds } from '../parse-ids.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { lockCreator } from './lock-creator.ts';

/** Removes the group. Its accounts stay, unlinked, active or paused as they are. */
export async function deleteCreator(ctx: Context, input: { creatorId: string }): Promise<void> {
  authorize(ctx, 'write');
  const { creatorId } = parseIds(input);
  await inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const creator = await lockCreator(trx, organizationId, creatorId, 'change');
    if (creator === null) throw notFound('creator');
    await lockLinkedAccounts(trx, organizationId, creatorId);
    await sql`
      update accounts set creator_id = null, linked_at = null, paused_by_creator = false
      where organization_id = ${organizationId} and creator_id = ${creatorId}`.execute(trx);
    await sql`
      delete from creators where organization_id = ${organizationId} and creator_id = ${creatorId}`.execute(trx);
    await audit(trx, ctx, {
      action: 'creator.delete',
      subjectType: 'creator',
      subjectId: creatorId,
      detail: { name: creator.name },
    });
    await bumpVersion(trx, [organizationId]);
  });
}
