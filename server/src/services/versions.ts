import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/tables.ts';

/**
 * Marks that something these organizations can see has changed; the last step of every write. Each organization has eight
 * slots so that writers do not queue. The slot follows the backend process: another one for another concurrent writer,
 * but the same one within a transaction, and organizations come sorted, so two writers never wait for each other in a circle.
 */
export async function bumpVersion(trx: Transaction<Database>, organizationIds: readonly string[]): Promise<void> {
  if (organizationIds.length === 0) return;
  const sorted = [...new Set(organizationIds)].sort();
  await sql`
    insert into organization_versions as v (organization_id, slot, version)
    select o, pg_backend_pid() % 8, 1 from unnest(${sorted}::uuid[]) as o
    on conflict (organization_id, slot) do update set version = v.version + 1`.execute(trx);
}
