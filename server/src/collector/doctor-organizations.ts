import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { bookedColumns, bookedDays } from '../services/organization-books/booked-days.ts';
import { readBooks } from '../services/organization-books/read-books.ts';
import { spanColumns, spansOf } from '../services/organization-books/spans-of.ts';
import { allSharedPosts } from '../services/shared-posts/all-shared-posts.ts';
import { correctionsOf } from '../services/shared-posts/corrections.ts';
import { dayKey, storedCorrections } from '../services/shared-posts/stored-corrections.ts';
import type { Check } from './doctor-checks.ts';
import { inSnapshot } from './in-snapshot.ts';

const failuresKept = 20;

/** What organizations keep of all that they track together. */
export async function organizationChecks(db: Kysely<Database>): Promise<Check[]> {
  return [await sharedPostCheck(db), ...(await settledChecks(db))];
}

const newCheck = (name: string): Check => ({ name: `organizations: ${name}`, ok: true, checked: 0, failures: [] });

function note(check: Check, problems: readonly string[]): void {
  if (problems.length > 0) check.ok = false;
  check.failures.push(...problems.slice(0, failuresKept - check.failures.length));
}

async function sharedPostCheck(db: Kysely<Database>): Promise<Check> {
  const check = newCheck('posts that are held more than once count once');
  for await (const { organizationId, platform, externalIds } of allSharedPosts(db)) {
    const posts = externalIds.map((externalId) => ({ organizationId, platform, externalId }));
    await inSnapshot(db, async (trx) => {
      const stored = await storedCorrections(trx, posts);
      const wanted = new Map((await correctionsOf(trx, posts)).map((row) => [dayKey(row), row]));
      const days = new Set([...stored.keys(), ...wanted.keys()]);
      const problems = [...days].flatMap((key) => {
        const [found, right] = [stored.get(key)?.gains.join(), wanted.get(key)?.gains.join()];
        return found === right ? [] : [`${key} corrects by ${found ?? 'nothing'}, readings say ${right ?? 'nothing'}`];
      });
      check.checked += posts.length;
      note(check, problems);
    });
  }
  return check;
}

async function settledChecks(db: Kysely<Database>): Promise<Check[]> {
  const days = newCheck('settled days are the sums of their accounts and videos');
  const spans = newCheck('spans of accounts are the sums of their days');
  const { rows } = await sql<{ organization_id: string }>`
    select organization_id from organization_books order by organization_id`.execute(db);
  for (const { organization_id: organizationId } of rows) {
    await inSnapshot(db, async (trx) => {
      const books = await readBooks(trx, organizationId);
      note(days, await differingDays(trx, organizationId, books.settledThrough));
      note(spans, await differingSpans(trx, organizationId));
    });
    days.checked += 1;
    spans.checked += 1;
  }
  return [days, spans];
}

async function differingDays(db: Kysely<Database>, organizationId: string, through: string | null): Promise<string[]> {
  const columns = sql.raw(['day', ...bookedColumns].join(', '));
  const settled = sql`select ${columns} from organization_days where organization_id = ${organizationId}`;
  // Without a settled day there shall be no row.
  const summed = bookedDays(organizationId, 'all', { to: through ?? '0001-01-01' });
  const { rows } = await sql<{ day: string }>`
    select distinct day from (
      (${settled} except select ${columns} from (${summed}) a) union all (select ${columns} from (${summed}) b except ${settled})
    ) differing order by day limit 20`.execute(db);
  return rows.map(({ day }) => `organization ${organizationId}: ${day} is not what was booked`);
}

/** Spans of any day on which they were made: those that are not in use yet will be. */
async function differingSpans(db: Kysely<Database>, organizationId: string): Promise<string[]> {
  const columns = sql.raw(spanColumns.join(', '));
  const made = await sql<{ spanned_on: string; account_ids: string[] }>`
    select spanned_on, array_agg(distinct account_id) as account_ids from account_spans
    where organization_id = ${organizationId} group by 1`.execute(db);
  const problems: string[] = [];
  for (const { spanned_on: spannedOn, account_ids: ids } of made.rows) {
    const { rows } = await sql<{ account_id: string }>`
      select distinct account_id from (
        select ${columns} from account_spans where organization_id = ${organizationId} and spanned_on = ${spannedOn}
        except select ${columns} from (${spansOf(organizationId, spannedOn, ids)}) spans
      ) differing order by account_id limit 20`.execute(db);
    problems.push(...rows.map((row) => `account ${row.account_id}: its span on ${spannedOn} is not what was booked`));
  }
  return problems;
}
