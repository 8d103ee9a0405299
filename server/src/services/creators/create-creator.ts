import { fold } from '../../database/fold.ts';
import { newId } from '../../database/ids.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { jsonOrNull } from '../json.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import type { CreatorRecord } from './creator-record.ts';
import { type NewCreator, parseNewCreator } from './parse-creator.ts';

/** Makes an empty group of accounts. Names need not differ. */
export async function createCreator(ctx: Context, input: NewCreator): Promise<CreatorRecord> {
  authorize(ctx, 'write');
  const { name, isActive, metadata } = parseNewCreator(input);
  return inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const creatorId = newId();
    await trx
      .insertInto('creators')
      .values({
        organization_id: organizationId,
        creator_id: creatorId,
        name,
        name_folded: fold(name),
        is_active: isActive,
        metadata: jsonOrNull(metadata),
        created_at: ctx.clock.now(),
      })
      .execute();
    await audit(trx, ctx, { action: 'creator.create', subjectType: 'creator', subjectId: creatorId, detail: { name } });
    await bumpVersion(trx, [organizationId]);
    const noAccounts = { account_count: 0, accounts_per_platform: {}, total_followers: 0 };
    return { creator_id: creatorId, name, is_active: isActive, metadata, ...noAccounts };
  });
}
