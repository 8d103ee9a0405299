import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Day } from '../../metrics/days.ts';

/** How far an organization's days are settled. */
export interface Books {
  /** Up to this day they are summed up; null: none is. */
  settledThrough: Day | null;
  /** The day of the spans in use; null: there are none. */
  spannedOn: Day | null;
}

export async function readBooks(db: Kysely<Database>, organizationId: string): Promise<Books> {
  const { rows } = await sql<{ settled_through: Day | null; spanned_on: Day | null }>`
    select settled_through, spanned_on from organization_books where organization_id = ${organizationId}`.execute(db);
  const [row] = rows;
  return { settledThrough: row?.settled_through ?? null, spannedOn: row?.spanned_on ?? null };
}
