import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { runsQuery } from './runs-query.ts';

export interface FoundCaption {
  item_id: string;
  kind: 'account_video' | 'video';
}

const contains = (folded: string): RawBuilder<SqlBool> => sql<SqlBool>`strpos(folded, ${folded}) > 0`;

/** How many of an organization's newest captions are read before its index of runs is asked. */
const walked = 5_000;

/**
 * The newest captions that contain the folded text. What is frequent is met within the newest, and what is not there is
 * rare enough to be found and sorted as a whole: so no plan hangs on an estimate of how often a text occurs.
 */
export async function newestCaptions(
  db: Kysely<Database>,
  organizationId: string,
  folded: string,
  limit: number,
): Promise<FoundCaption[]> {
  const { rows } = await sql<FoundCaption>`
    select item_id, kind from (
      select item_id, kind, posted_at, folded from captions
      where organization_id = ${organizationId}::uuid order by posted_at desc, item_id desc limit ${walked}
    ) newest
    where ${contains(folded)} order by posted_at desc, item_id desc limit ${limit}`.execute(db);
  if (rows.length === limit) return rows;
  const all = await sql<FoundCaption>`
    with found as materialized (${byRuns(organizationId, folded)})
    select item_id, kind from found where organization_id = ${organizationId}::uuid
    order by posted_at desc, item_id desc limit ${limit}`.execute(db);
  return all.rows;
}

// Of the newest `sampled`, this many make a text frequent: a list that filters as it goes reads few rows in vain.
const sampled = 2_000;
const frequent = 20;
/** What lists look up by id; of more, walking the list meets one soon. */
const mostListed = 5_000;

/** The ids of all captions that contain the folded text, or null when they are too many to be named. */
export async function rareCaptions(
  db: Kysely<Database>,
  organizationId: string,
  folded: string,
): Promise<string[] | null> {
  const sample = await sql<{ hits: number }>`
    select count(*)::int as hits from (
      select folded from captions
      where organization_id = ${organizationId}::uuid order by posted_at desc, item_id desc limit ${sampled}
    ) newest
    where ${contains(folded)}`.execute(db);
  if ((sample.rows[0]?.hits ?? 0) >= frequent) return null;
  const { rows } = await sql<{ item_id: string }>`
    with found as materialized (${byRuns(organizationId, folded)} limit ${mostListed + 1})
    select item_id from found where organization_id = ${organizationId}::uuid`.execute(db);
  return rows.length > mostListed ? null : rows.map((row) => row.item_id);
}

// Without a condition on the organization, which another index would answer: the runs are the organization's own.
const byRuns = (organizationId: string, folded: string): RawBuilder<unknown> => sql`
  select organization_id, item_id, kind, posted_at from captions
  where caption_runs(organization_id, folded) @@ ${runsQuery(organizationId, folded)}::tsquery and ${contains(folded)}`;
