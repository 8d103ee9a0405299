import { type Kysely, sql, type Transaction } from 'kysely';
import { repeatable } from '../../database/retry.ts';
import type { Database } from '../../database/tables.ts';
import type { Day } from '../../metrics/days.ts';
import { lastSettledDay } from '../../metrics/settled.ts';
import { lockBooks } from './lock-books.ts';
import { spanColumns, spansOf } from './spans-of.ts';

const columns = sql.raw(spanColumns.join(', '));
const accountsAtOnce = 500;
const beforeFirst = '00000000-0000-0000-0000-000000000000';

/**
 * Sums up what each account gained in the settled part of the windows that end `today`. The spans of an earlier day serve
 * until all of these are made; an account whose past days change loses its spans, and is summed day by day until the next.
 */
export async function spanAccounts(
  db: Kysely<Database>,
  organizationId: string,
  today: Day,
  stopping?: AbortSignal,
): Promise<void> {
  let after: string | null = beforeFirst;
  while (after !== null) {
    if (stopping?.aborted) return;
    const from: string = after;
    after = await repeatable(db, (trx) => spanSome(trx, organizationId, today, from));
  }
  await repeatable(db, (trx) => useSpans(trx, organizationId, today));
}

/** Answers the last account of those it has summed up; null when there is nothing more to do. */
async function spanSome(
  trx: Transaction<Database>,
  organizationId: string,
  today: Day,
  after: string,
): Promise<string | null> {
  await lockBooks(trx, [organizationId], 'shared');
  if (!(await lacksSpans(trx, organizationId, today))) return null;
  const { rows } = await sql<{ account_id: string }>`
    select account_id from accounts
    where organization_id = ${organizationId} and account_id > ${after} and deleted_at is null
    order by account_id limit ${accountsAtOnce}`.execute(trx);
  const ids = rows.map((row) => row.account_id);
  await sql`
    insert into account_spans (${columns}) select ${columns} from (${spansOf(organizationId, today, ids)}) spans
    on conflict (organization_id, spanned_on, days, account_id) do nothing`.execute(trx);
  return ids.length < accountsAtOnce ? null : (ids.at(-1) ?? null);
}

/** Whether the days are settled, and their spans not made. */
async function lacksSpans(trx: Transaction<Database>, organizationId: string, today: Day): Promise<boolean> {
  const { rows } = await sql`
    select from organization_books where organization_id = ${organizationId}
      and settled_through >= ${lastSettledDay(today)}::date and (spanned_on is null or spanned_on < ${today}::date)`.execute(
    trx,
  );
  return rows.length > 0;
}

async function useSpans(trx: Transaction<Database>, organizationId: string, today: Day): Promise<void> {
  await lockBooks(trx, [organizationId], 'shared');
  if (!(await lacksSpans(trx, organizationId, today))) return;
  await sql`
    update organization_books set spanned_on = ${today} where organization_id = ${organizationId}`.execute(trx);
  await sql`
    delete from account_spans where organization_id = ${organizationId} and spanned_on <> ${today}`.execute(trx);
}
