import { type Kysely, sql, type Transaction } from 'kysely';
import { repeatable } from '../../database/retry.ts';
import type { Database } from '../../database/tables.ts';
import { addDays, type Day } from '../../metrics/days.ts';
import { bookedColumns, bookedDays } from './booked-days.ts';
import { lockBooks } from './lock-books.ts';

const daysAtOnce = 7;
const columns = sql.raw(bookedColumns.join(', '));

/** Sums up the days of an organization up to `through`, a few in each transaction, so that refreshes need not wait long. */
export async function settleDays(
  db: Kysely<Database>,
  organizationId: string,
  through: Day,
  stopping?: AbortSignal,
): Promise<void> {
  let isDone = false;
  while (!isDone) {
    if (stopping?.aborted) return;
    isDone = await repeatable(db, (trx) => settleSome(trx, organizationId, through));
  }
}

/** Answers whether all days are settled. */
async function settleSome(trx: Transaction<Database>, organizationId: string, through: Day): Promise<boolean> {
  await lockBooks(trx, [organizationId], 'alone');
  await sql`
    insert into organization_books (organization_id) values (${organizationId}) on conflict (organization_id) do nothing`.execute(
    trx,
  );
  const { rows } = await sql<{ settled_through: Day | null }>`
    select settled_through from organization_books where organization_id = ${organizationId} for update`.execute(trx);
  const after = rows[0]?.settled_through ?? (await dayBeforeFirst(trx, organizationId));
  if (after === null || after >= through) return true;
  const end = addDays(after, daysAtOnce);
  const to = end < through ? end : through;
  await sql`
    insert into organization_days (organization_id, day, ${columns})
    select ${organizationId}::uuid, day, ${columns} from (${bookedDays(organizationId, 'all', { after, to })}) days`.execute(
    trx,
  );
  await sql`update organization_books set settled_through = ${to} where organization_id = ${organizationId}`.execute(
    trx,
  );
  return to === through;
}

async function dayBeforeFirst(trx: Transaction<Database>, organizationId: string): Promise<Day | null> {
  const { rows } = await sql<{ day: Day | null }>`
    select least(
      (select min(day) from account_days where organization_id = ${organizationId}),
      (select min(day) from video_days where organization_id = ${organizationId}),
      (select (min(added_at) at time zone 'UTC')::date from account_videos
        where organization_id = ${organizationId} and not is_hidden)
    ) - 1 as day`.execute(trx);
  return rows[0]?.day ?? null;
}
