import { authorizeAdmin } from '../authorize-admin.ts';
import type { Context } from '../context.ts';
import { type Key, keyColumns, toKey } from './key.ts';

/** The organization's keys, oldest first. Bounded: nobody needs thousands of keys. */
export async function listKeys(ctx: Context): Promise<Key[]> {
  authorizeAdmin(ctx);
  const rows = await ctx.db
    .selectFrom('api_keys')
    .select(keyColumns)
    .where('organization_id', '=', ctx.organizationId)
    .orderBy('created_at')
    .orderBy('api_key_id')
    .limit(1000)
    .execute();
  return rows.map(toKey);
}
