import { type FieldError, invalid } from '../../contract/problem.ts';
import { allPosts, type Field, fields, isField, isNumberField, type NumberField } from './fields.ts';
import { isDateFormat } from './parse-time.ts';

/** How the columns of a file become fields. */
export interface Mapping {
  /** Field → column. `*` for one number: every column that is not named otherwise is a profile, and its cells are that number. */
  columns: Partial<Record<Field, string>>;
  /** Field → the value that it has on every line. */
  values: Partial<Record<Field, string>>;
  /** Times are ISO 8601, or also in this order of yyyy, mm and dd; or `unix`. */
  dates: string;
  /** Name in the file → handle. */
  handles: Record<string, string>;
}

/** Where each field of a row is, by position in the record. */
export interface Layout {
  positions: Partial<Record<Field, number>>;
  values: Partial<Record<Field, string>>;
  /** The columns of a wide table, one profile each; null: a row is about one profile. */
  wide: { field: NumberField; columns: { position: number; username: string }[] } | null;
  width: number;
  /** Columns that nothing is made of. */
  unused: string[];
}

const wideMark = '*';

/** What is wrong with a mapping before any file is seen. Throws a problem that names every mistake. */
export function parseMapping({ columns, values, dates, handles }: Mapping): Mapping {
  const problems: FieldError[] = [];
  for (const name of [...Object.keys(columns), ...Object.keys(values)]) {
    if (!isField(name)) problems.push({ field: `map ${name}`, message: `must be one of: ${fields.join(', ')}` });
  }
  const wide = Object.entries(columns).filter(([, column]) => column === wideMark);
  for (const [name] of wide.filter(([name]) => !isNumberField(name))) {
    problems.push({ field: `map ${name}`, message: 'must name a column; * is for numbers' });
  }
  if (wide.length > 1) problems.push({ field: 'map', message: 'must not give * to more than one number' });
  if (wide.length > 0 && columns.username !== undefined) {
    problems.push({ field: 'map username', message: 'must be left out beside *: the columns are the usernames' });
  }
  if (!isDateFormat(dates)) {
    problems.push({ field: 'dates', message: 'must be an order of yyyy, mm and dd such as dd/mm/yyyy, or unix' });
  }
  if (problems.length > 0) throw invalid(problems);
  return { columns, values, dates, handles };
}

/** The layout of records with these columns. Throws a problem when the mapping and the columns do not fit. */
export function layoutOf(header: readonly string[], mapping: Mapping): Layout {
  const names = header.map((name) => name.trim());
  const problems = headerProblems(names, mapping);
  const positions: Partial<Record<Field, number>> = {};
  for (const field of fields) {
    const column = mapping.columns[field] ?? field;
    const position = names.indexOf(column);
    if (column !== wideMark && mapping.values[field] === undefined && position !== -1) positions[field] = position;
  }
  const wide = wideOf(names, positions, mapping);
  if (wide !== null) delete positions.username;
  const has = (field: Field): boolean => positions[field] !== undefined || mapping.values[field] !== undefined;
  const needed: Field[] = wide === null ? ['platform', 'username', 'read_at'] : ['platform', 'read_at'];
  for (const field of needed.filter((field) => !has(field))) {
    problems.push({ field, message: `is in no column; use --map ${field}=COLUMN or --map ${field}==VALUE` });
  }
  if (wide === null && !fields.some((field) => isNumberField(field) && has(field))) {
    problems.push({ field: 'file', message: `has no number to import; its columns are: ${names.join(', ')}` });
  }
  if (problems.length > 0) throw invalid(problems);
  const used = new Set([...Object.values(positions), ...(wide?.columns ?? []).map((column) => column.position)]);
  return { positions, values: mapping.values, wide, width: names.length, unused: names.filter((_, i) => !used.has(i)) };
}

function headerProblems(names: readonly string[], { columns }: Mapping): FieldError[] {
  const missing = Object.entries(columns).filter(([, column]) => column !== wideMark && !names.includes(column));
  const twice = names.filter((name, i) => names.indexOf(name) !== i && name !== '');
  return [
    ...missing.map(([field, column]) => ({
      field: `map ${field}`,
      message: `names the column ${column}, which the file does not have; it has: ${names.join(', ')}`,
    })),
    ...[...new Set(twice)].map((name) => ({ field: 'file', message: `has two columns called ${name}` })),
  ];
}

function wideOf(names: readonly string[], positions: Layout['positions'], mapping: Mapping): Layout['wide'] {
  const field = Object.entries(mapping.columns).find(([, column]) => column === wideMark)?.[0];
  if (field === undefined || !isNumberField(field)) return null;
  const mapped = new Set(Object.keys(mapping.columns).map((name) => positions[name as Field]));
  const columns = names.flatMap((username, position) =>
    mapped.has(position) || username === '' ? [] : [{ position, username }],
  );
  return { field, columns };
}

/** Whether the mapping makes totals of whole profiles. */
export const mapsTotals = ({ values }: Pick<Mapping, 'values'>): boolean => values.external_id === allPosts;
