import { type RawBuilder, sql } from 'kysely';

type Row = Record<string, unknown>;

/**
 * Rows as a set-returning `unnest(…) as u(…)`, one array parameter per column: a multi-row write whose statement text does
 * not depend on the number of rows. `types` maps each column to its Postgres type, and fixes the order of the columns.
 */
export function unnest<R extends object>(
  rows: readonly R[],
  types: { [K in keyof R & string]?: string },
): RawBuilder<Row> {
  const columns = Object.keys(types) as (keyof R & string)[];
  const arrays = columns.map((column) => {
    const values = rows.map((row) => row[column]);
    return sql`${values}::${sql.raw(types[column] ?? 'text')}[]`;
  });
  return sql`unnest(${sql.join(arrays)}) as u(${sql.join(columns.map((column) => sql.id(column)))})`;
}
