import pg from 'pg';

const INT8 = 20;
const DATE = 1082;
const TIMESTAMP = 1114;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;
const NUMERIC_ARRAY = 1231;
const TEXT_ARRAY: number = 1009; // wider than the enum of pg-types, which lacks arrays

type Parser = (text: string) => unknown;

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53-1 and would lose digits`);
  return value;
}

const parseTextArray: (text: string) => (string | null)[] = pg.types.getTypeParser(TEXT_ARRAY, 'text');

const PARSERS: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [INT8, parseInt8],
  [INT8_ARRAY, (text) => parseTextArray(text).map((item) => (item === null ? null : parseInt8(item)))],
  // pg makes a date local midnight and a zoneless timestamp local time: both depend on where the process runs.
  [DATE, (text) => text],
  [DATE_ARRAY, parseTextArray],
  [TIMESTAMP, (text) => new Date(`${text.replace(' ', 'T')}Z`)],
  // pg parses numeric[] to floats, though numeric stays a string.
  [NUMERIC_ARRAY, parseTextArray],
]);

/** Parsers of one pool: nothing is registered globally, where another library could change it or rely on it. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return (format === 'binary' ? undefined : PARSERS.get(oid)) ?? pg.types.getTypeParser(oid, format ?? 'text');
  },
};
