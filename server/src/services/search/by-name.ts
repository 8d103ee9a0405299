import { type RawBuilder, sql } from 'kysely';
import { likeAtStart } from '../../database/fold.ts';

/**
 * Of rows with a name `folded`: those that begin with the text, then those that contain it elsewhere, each in order of that
 * name. Both are walks of an index of names that end at the limit.
 */
export function byName(
  rows: RawBuilder<unknown>,
  { id, sought, limit }: { id: string; sought: string; limit: number },
): RawBuilder<unknown> {
  const isFirst = sql`folded like ${likeAtStart(sought)}`;
  const part = (place: number, condition: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    (select ${sql.lit(place)} as place, n.* from (${rows}) n where ${condition} order by folded, ${sql.id(id)} limit ${limit})`;
  return sql`
    select * from (${part(1, isFirst)} union all ${part(2, sql`strpos(folded, ${sought}) > 1`)}) both_parts
    order by place, folded, ${sql.id(id)} limit ${limit}`;
}
