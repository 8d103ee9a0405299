import { highestCounter } from '../../sources/fields.ts';

export type ParsedCount = { count: number | null } | { message: string };

const unknown: ParsedCount = { count: null };
const plain = /^\d{1,12}$/;
const whole = /^(\d+)(?:\.0*)?$/;

/** A number of the file; blank is unknown. `38.0`, as tables that know floats write it, is 38. */
export function parseCount(text: string): ParsedCount {
  if (plain.test(text)) return { count: Number(text) };
  const trimmed = text.trim();
  if (trimmed === '') return unknown;
  const digits = whole.exec(trimmed)?.[1];
  if (digits !== undefined) {
    const count = Number(digits);
    return count <= highestCounter ? { count } : { message: `is larger than any count can be (${highestCounter})` };
  }
  return { message: problemOf(trimmed) };
}

function problemOf(text: string): string {
  if (/^-\d/.test(text)) return 'is negative; a count is 0 or more, and blank when it is unknown';
  if (/^\d+\.\d+$/.test(text)) return 'has a fraction; a count is a whole number';
  return 'is no count; write a whole number such as 12500, without separators or units, or leave it blank when it is unknown';
}
