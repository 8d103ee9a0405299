import type { TObject, TProperties } from 'typebox';
import type { FieldError } from '../../contract/problem.ts';

type Convert = (text: string) => unknown;
type QueryParser = (raw: Record<string, unknown>) => { values: Record<string, unknown>; errors: FieldError[] };

const booleans: Record<string, boolean> = { true: true, '1': true, false: false, '0': false };

// What cannot be converted stays text, so that the schema names it.
const converters: Record<string, Convert> = {
  integer: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text),
  number: (text) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text),
  boolean: (text) => booleans[text.toLowerCase()] ?? text,
  uuid: (text) => text.toLowerCase(),
};

const keep: Convert = (text) => text;

/** Query text as the types of the schema. Unknown parameters are ignored; a known one may be given once. */
export function queryParser(schema: TObject<TProperties>): QueryParser {
  const known = Object.entries(schema.properties).map(([name, property]): [string, Convert] => {
    const { type, format } = property as { type?: string; format?: string };
    return [name, converters[format ?? ''] ?? converters[type ?? ''] ?? keep];
  });
  return (raw) => {
    const values: Record<string, unknown> = {};
    const errors: FieldError[] = [];
    for (const [name, convert] of known) {
      const value = raw[name];
      if (typeof value === 'string') values[name] = convert(value);
      else if (Array.isArray(value)) {
        // Which of them is meant is not ours to guess. The first lets the other parameters be checked.
        values[name] = convert(String(value[0]));
        errors.push({ field: name, message: 'must be given only once' });
      }
    }
    return { values, errors };
  };
}
