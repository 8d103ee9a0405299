import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import type { AccountRef } from './account-history.ts';

const accountsPerChunk = 500;

/** Every account of every organization, deleted ones included, in a fixed order and in bounded memory. */
export async function* accountsAfter(db: Kysely<Database>): AsyncGenerator<AccountRef> {
  let after: AccountRef = {
    organizationId: '00000000-0000-0000-0000-000000000000',
    accountId: '00000000-0000-0000-0000-000000000000',
  };
  for (;;) {
    const { rows } = await sql<{ organization_id: string; account_id: string }>`
      select organization_id, account_id from accounts
      where (organization_id, account_id) > (${after.organizationId}, ${after.accountId})
      order by organization_id, account_id limit ${accountsPerChunk}`.execute(db);
    for (const row of rows) yield { organizationId: row.organization_id, accountId: row.account_id };
    const last = rows.at(-1);
    if (last === undefined || rows.length < accountsPerChunk) return;
    after = { organizationId: last.organization_id, accountId: last.account_id };
  }
}
