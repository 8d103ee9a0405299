import { notFound } from '../../contract/problem.ts';
import { fold } from '../../database/fold.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { jsonOrNull } from '../json.ts';
import { parseIds } from '../parse-ids.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { type CreatorRecord, findCreator } from './creator-record.ts';
import { lockCreator } from './lock-creator.ts';
import { type CreatorChanges, parseCreatorChanges } from './parse-creator.ts';
import { pauseLinkedAccounts, resumeLinkedAccounts } from './switch-accounts.ts';

/** Changes a creator. Pausing it pauses its accounts; resuming resumes exactly those that pausing had paused. */
export async function updateCreator(
  ctx: Context,
  input: { creatorId: string; changes: CreatorChanges },
): Promise<CreatorRecord> {
  authorize(ctx, 'write');
  const { creatorId } = parseIds({ creatorId: input.creatorId });
  const changes = parseCreatorChanges(input.changes);
  return inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const creator = await lockCreator(trx, organizationId, creatorId, 'change');
    if (creator === null) throw notFound('creator');
    const isActive = changes.is_active ?? creator.is_active;
    const name = changes.name ?? creator.name;
    await trx
      .updateTable('creators')
      .set({
        name,
        name_folded: fold(name),
        is_active: isActive,
        ...(changes.metadata !== undefined && { metadata: jsonOrNull(changes.metadata) }),
      })
      .where('organization_id', '=', organizationId)
      .where('creator_id', '=', creatorId)
      .execute();
    const group = { organizationId, creatorId, now: ctx.clock.now() };
    if (creator.is_active && !isActive) await pauseLinkedAccounts(trx, group);
    if (!creator.is_active && isActive) await resumeLinkedAccounts(trx, group);
    const detail = { changed: Object.keys(changes) };
    await audit(trx, ctx, { action: 'creator.update', subjectType: 'creator', subjectId: creatorId, detail });
    await bumpVersion(trx, [organizationId]);
    const updated = await findCreator(trx, organizationId, creatorId);
    if (updated === null) throw notFound('creator');
    return updated;
  });
}
