import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';

export interface LockedCreator {
  creator_id: string;
  name: string;
  is_active: boolean;
}

/**
 * The creator, held until the transaction ends: `link` keeps it from being deleted, `change` also from being changed.
 * Locks are taken in the order creator, accounts, profile. null when the organization has none of this id.
 */
export async function lockCreator(
  trx: Transaction<Database>,
  organizationId: string,
  creatorId: string,
  purpose: 'link' | 'change',
): Promise<LockedCreator | null> {
  const { rows } = await sql<LockedCreator>`
    select creator_id, name, is_active from creators
    where organization_id = ${organizationId} and creator_id = ${creatorId}
    ${purpose === 'link' ? sql`for key share` : sql`for update`}`.execute(trx);
  return rows[0] ?? null;
}
