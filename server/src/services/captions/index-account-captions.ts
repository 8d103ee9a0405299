import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { indexCaptions } from './index-captions.ts';

/** `indexCaptions` for all posts that an account holds, after it was deleted, revived or rebuilt. */
export async function indexAccountCaptions(
  trx: Transaction<Database>,
  organizationId: string,
  accountId: string,
): Promise<void> {
  const { rows } = await sql<{ profile_id: number; post_ids: number[] }>`
    select profile_id, array_agg(post_id) as post_ids from account_videos
    where organization_id = ${organizationId} and account_id = ${accountId} group by profile_id`.execute(trx);
  for (const row of rows) await indexCaptions(trx, row.profile_id, row.post_ids);
}
