import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** Case-insensitive substring; wildcards in the text are literal. */
export function contains(expression: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.trim().replace(/[\\%_]/g, '\\$&')}%`;
  return sql<SqlBool>`${expression} ilike ${pattern}`;
}
