import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../database/tables.ts';

/**
 * Marks that something these organizations can see has changed; the last step of every write. Each organization has eight
 * slots so that writers do not queue. The slot follows the backend process: another one for another concurrent writer,
 * but the same one within a transaction, and organizations come sorted, so two writers never wait for each other in a circle.
 */
export async function bumpVersion(trx: Transaction<Database>, organizationIds: readonly string[]): Promise<void> {
  if (organizationIds.length === 0) return;
  await bump(trx, sql`unnest(${[...new Set(organizationIds)]}::uuid[])`);
}

/**
 * The same for every organization that holds the profile or one of its posts. Also those that are not looking now: they see
 * the captions, pictures and names that others bring home.
 */
export async function bumpHolders(trx: Transaction<Database>, profileId: number): Promise<void> {
  await bump(
    trx,
    sql`(
      select organization_id from accounts where profile_id = ${profileId} and deleted_at is null
      union select organization_id from videos where profile_id = ${profileId} and deleted_at is null)`,
  );
}

async function bump(trx: Transaction<Database>, organizations: RawBuilder<unknown>): Promise<void> {
  await sql`
    insert into organization_versions as v (organization_id, slot, version)
    select o, pg_backend_pid() % 8, 1 from ${organizations} as held(o) order by o
    on conflict (organization_id, slot) do update set version = v.version + 1`.execute(trx);
}
