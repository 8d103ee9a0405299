import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { type Booked, bookedColumns, bookedDays } from './booked-days.ts';
import { lockBooks } from './lock-books.ts';

const columns = sql.raw(bookedColumns.join(', '));
const sums = sql.raw(bookedColumns.map((name) => `${name} = o.${name} + excluded.${name}`).join(', '));
const signed = (sign: 1 | -1) => sql.raw(bookedColumns.map((name) => `${sign} * ${name}`).join(', '));

/**
 * Runs a change after which other days of somebody's count than before (deleted, brought back, past days made anew), and brings
 * the organization's settled days in line: what its days were is taken out, what they are now is put in. Called after accounts,
 * videos and profiles were locked.
 */
export async function changeBooks(
  trx: Transaction<Database>,
  organizationId: string,
  whose: Exclude<Booked, 'all'>,
  change: () => Promise<unknown>,
): Promise<void> {
  await lockBooks(trx, [organizationId], 'alone');
  await addToSettled(trx, organizationId, whose, -1);
  await change();
  await addToSettled(trx, organizationId, whose, 1);
  if ('profileId' in whose) await dropSpans(trx, organizationId, whose.profileId);
  await sql`delete from organization_days where organization_id = ${organizationId} and holders_read = 0 and posts_found = 0`.execute(
    trx,
  );
}

async function addToSettled(
  trx: Transaction<Database>,
  organizationId: string,
  whose: Booked,
  sign: 1 | -1,
): Promise<void> {
  const { rows } = await sql<{ settled_through: string | null }>`
    select settled_through from organization_books where organization_id = ${organizationId}`.execute(trx);
  const settledThrough = rows[0]?.settled_through ?? null;
  if (settledThrough === null) return;
  await sql`
    insert into organization_days as o (organization_id, day, ${columns})
    select ${organizationId}::uuid, day, ${signed(sign)}
    from (${bookedDays(organizationId, whose, { to: settledThrough })}) days
    on conflict (organization_id, day) do update set ${sums}`.execute(trx);
}

/** Until they are made again, what these accounts gained is summed from their days. */
async function dropSpans(trx: Transaction<Database>, organizationId: string, profileId: number): Promise<void> {
  await sql`
    delete from account_spans s using accounts a
    where a.organization_id = ${organizationId} and a.profile_id = ${profileId}
      and s.organization_id = ${organizationId} and s.account_id = a.account_id`.execute(trx);
}
