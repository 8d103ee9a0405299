import { type Selectable, sql, type Transaction } from 'kysely';
import type { AccountsTable, Database } from '../../database/tables.ts';

export type LockedAccount = Selectable<AccountsTable>;

/** The account, held until the transaction ends; null when the organization has none of this id. */
export async function lockAccount(
  trx: Transaction<Database>,
  organizationId: string,
  accountId: string,
): Promise<LockedAccount | null> {
  const { rows } = await sql<LockedAccount>`
    select * from accounts
    where organization_id = ${organizationId} and account_id = ${accountId} and deleted_at is null
    for no key update`.execute(trx);
  return rows[0] ?? null;
}

/** The accounts linked to a creator, held likewise, in the order in which refreshes lock them. */
export async function lockLinkedAccounts(
  trx: Transaction<Database>,
  organizationId: string,
  creatorId: string,
): Promise<LockedAccount[]> {
  const { rows } = await sql<LockedAccount>`
    select * from accounts
    where organization_id = ${organizationId} and creator_id = ${creatorId} and deleted_at is null
    order by organization_id, account_id for no key update`.execute(trx);
  return rows;
}
