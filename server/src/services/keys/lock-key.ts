import type { Transaction } from 'kysely';
import { conflict, notFound } from '../../contract/problem.ts';
import type { Database } from '../../database/tables.ts';
import type { Context } from '../context.ts';

/** The id of the one key that was meant, locked until the transaction ends. */
export async function lockKey(
  trx: Transaction<Database>,
  ctx: Context,
  reference: { id: string } | { prefix: string },
): Promise<string> {
  const rows = await trx
    .selectFrom('api_keys')
    .select('api_key_id')
    .where('organization_id', '=', ctx.organizationId)
    .$if('id' in reference, (query) => query.where('api_key_id', '=', 'id' in reference ? reference.id : ''))
    .$if('prefix' in reference, (query) => query.where('prefix', '=', 'prefix' in reference ? reference.prefix : ''))
    .limit(2)
    .forUpdate()
    .execute();
  const [first, second] = rows;
  if (first === undefined) throw notFound('API key');
  if (second !== undefined) throw conflict('Several keys begin like this; name the key by its id.');
  return first.api_key_id;
}
