import type { Transaction } from 'kysely';
import { newId } from '../../database/ids.ts';
import type { Database } from '../../database/tables.ts';
import type { Context } from '../context.ts';
import { type Key, keyColumns, toKey } from './key.ts';
import { hashKeySecret, keyPrefix } from './key-secret.ts';
import type { NewKey } from './parse-key.ts';

/** The row of a key of ctx's organization; part of the verbs that make keys. */
export async function insertKey(trx: Transaction<Database>, ctx: Context, key: NewKey, secret: string): Promise<Key> {
  const row = await trx
    .insertInto('api_keys')
    .values({
      organization_id: ctx.organizationId,
      api_key_id: newId(),
      name: key.name,
      prefix: keyPrefix(secret),
      key_hash: hashKeySecret(secret),
      scopes: key.scopes,
      disabled_at: null,
      created_at: ctx.clock.now(),
    })
    .returning(keyColumns)
    .executeTakeFirstOrThrow();
  return toKey(row);
}
