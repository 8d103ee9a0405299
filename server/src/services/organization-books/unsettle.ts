import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Day } from '../../metrics/days.ts';
import { lockBooks } from './lock-books.ts';

/** Those of the organizations in whose books the day is settled. */
export const selectSettled = (
  organizationIds: readonly string[],
  day: Day,
): RawBuilder<{ organization_id: string }> => sql`
  select organization_id from organization_books
  where organization_id = any(${[...organizationIds]}::uuid[]) and settled_through >= ${day}::date`;

/**
 * A refresh books gains on a day that is settled already, because its clock is days behind: those days are no longer settled.
 * The books are held `shared` by now.
 */
export async function unsettleFrom(trx: Transaction<Database>, late: readonly string[], day: Day): Promise<void> {
  if (late.length === 0) return;
  await lockBooks(trx, late, 'alone');
  await sql`
    delete from organization_days where organization_id = any(${[...late]}::uuid[]) and day >= ${day}::date`.execute(
    trx,
  );
  await sql`delete from account_spans where organization_id = any(${[...late]}::uuid[])`.execute(trx);
  await sql`
    update organization_books set settled_through = ${day}::date - 1, spanned_on = null
    where organization_id = any(${[...late]}::uuid[])`.execute(trx);
}

/** Nothing of an organization is settled any more, until housekeeping does it again. Answers up to where it was. */
export async function unsettle(trx: Transaction<Database>, organizationId: string): Promise<Day | null> {
  await lockBooks(trx, [organizationId], 'alone');
  const { rows } = await sql<{ settled_through: Day | null }>`
    select settled_through from organization_books where organization_id = ${organizationId} for update`.execute(trx);
  await sql`delete from organization_days where organization_id = ${organizationId}`.execute(trx);
  await sql`delete from account_spans where organization_id = ${organizationId}`.execute(trx);
  await sql`
    update organization_books set settled_through = null, spanned_on = null
    where organization_id = ${organizationId}`.execute(trx);
  return rows[0]?.settled_through ?? null;
}
