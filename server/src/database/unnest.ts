import { type RawBuilder, sql } from 'kysely';

type Row = Record<string, unknown>;

// Text that is safe inside an array literal without quotes.
const plain = /^[\w.:+-]+$/;

function elementText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') throw new TypeError(`no array element: ${typeof value}`);
  if (plain.test(value) && value.toUpperCase() !== 'NULL') return value;
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** A Postgres array literal. pg's own takes five times as long, and formats times in the process's local zone. */
export function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(elementText).join(',')}}`;
}

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
    const literal = arrayLiteral(rows.map((row) => row[column]));
    return sql`${literal}${castTo(types[column] ?? 'text')}`;
  });
  return sql`unnest(${sql.join(arrays)}) as u${namesOf(columns)}`;
}

// Raw fragments are made once: there are a handful of types and lists of columns.
const fragments = new Map<string, RawBuilder<unknown>>();

function fragment(text: string): RawBuilder<unknown> {
  const known = fragments.get(text);
  if (known !== undefined) return known;
  const made = sql.raw(text);
  fragments.set(text, made);
  return made;
}

const castTo = (type: string): RawBuilder<unknown> => fragment(`::${type}[]`);
const namesOf = (columns: readonly string[]): RawBuilder<unknown> => fragment(`(${columns.join(', ')})`);
