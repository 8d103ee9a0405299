import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { fold } from '../../database/fold.ts';
import type { Database } from '../../database/tables.ts';
import { rareCaptions } from '../captions/find-captions.ts';

/** The text of `q` as it is looked for, in lists and in search; empty: no filter. */
export const soughtText = (q: string): string => fold(q.trim());

/** Case-insensitive substring of a column that holds folded text; wildcards are literal. */
export function contains(folded: RawBuilder<unknown>, q: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`strpos(${folded}, ${soughtText(q)}) > 0`;
}

/** Case-insensitive substring of the caption of a post, by the id that clients know it by. */
export async function captionContains(
  db: Kysely<Database>,
  organizationId: string,
  id: RawBuilder<unknown>,
  q: string,
): Promise<RawBuilder<SqlBool>> {
  const sought = soughtText(q);
  if (sought === '') return sql<SqlBool>`true`;
  const rare = await rareCaptions(db, organizationId, sought);
  if (rare !== null) return sql<SqlBool>`${id} = any(${rare}::uuid[])`;
  return sql<SqlBool>`exists (
    select from captions q where q.organization_id = ${organizationId}::uuid and q.item_id = ${id}
      and strpos(q.folded, ${sought}) > 0)`;
}
