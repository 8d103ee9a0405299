import { audit } from '../audit.ts';
import { authorizeAdmin } from '../authorize-admin.ts';
import type { Context } from '../context.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { lockKey } from './lock-key.ts';
import { type Key, keyColumns, toKey } from './key.ts';
import { parseKeyReference } from './parse-key.ts';

/** Refuses the key from now on. Disabling it again changes nothing; enableKey takes it back. */
export async function disableKey(ctx: Context, input: { key: string }): Promise<Key> {
  authorizeAdmin(ctx);
  const reference = parseKeyReference(input);
  return inTransaction(ctx, async (trx) => {
    const id = await lockKey(trx, ctx, reference);
    const row = await trx
      .updateTable('api_keys')
      .set((eb) => ({ disabled_at: eb.fn.coalesce('disabled_at', eb.val(ctx.clock.now())) }))
      .where('organization_id', '=', ctx.organizationId)
      .where('api_key_id', '=', id)
      .returning(keyColumns)
      .executeTakeFirstOrThrow();
    await bumpVersion(trx, [ctx.organizationId]);
    await audit(trx, ctx, { action: 'key.disable', subjectType: 'key', subjectId: id });
    return toKey(row);
  });
}
