/** Reading fields of payloads that nobody promised: each returns null for anything that is not what it should be. */

export type Fields = Record<string, unknown>;

export function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The object at a path of keys. */
export function fieldsAt(value: unknown, ...path: string[]): Fields | null {
  let current = fields(value);
  for (const key of path) current = fields(current?.[key]);
  return current;
}

export function list(value: unknown): unknown[] | null {
  return Array.isArray(value) ? value : null;
}

/**
 * No post, and nobody, has been counted a hundredth as often. And thousands of counters below it can be summed up without a sum
 * that JavaScript cannot hold.
 */
export const highestCounter = 1_000_000_000_000;

/** A cumulative counter. Negative numbers are sentinels for "hidden"; fractions and huge numbers are damage: never 0. */
export function counter(value: unknown): number | null {
  const number = wholeNumber(value);
  return number !== null && number <= highestCounter ? number : null;
}

/** A number from 0 on that a double holds, as a number or as digits: a position, a time, a code. */
export function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** Text that Postgres can hold: no NUL, no half of a surrogate pair. Empty is absent. */
export function text(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  const clean = value.includes('\0') ? value.replaceAll('\0', '') : value;
  return clean.isWellFormed() ? clean : clean.toWellFormed();
}

/** A platform's numeric id as text. Numbers are only trusted while a double holds them. */
export function numericId(value: unknown): string | null {
  if (typeof value === 'string') return /^[1-9]\d{0,29}$/.test(value) ? value : null;
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? String(value) : null;
}

/** An address that may become a link: http(s), or without a scheme as people write it in a bio. */
export function link(value: unknown): string | null {
  const address = text(value)?.trim();
  if (address === undefined || address === '') return null;
  return /^https?:\/\//i.test(address) || /^[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)/.test(address) ? address : null;
}

export function flag(value: unknown): boolean | null {
  if (value === true || value === 1) return true;
  return value === false || value === 0 ? false : null;
}

const earliestSeconds = Date.UTC(2005, 0, 1) / 1000;
const latestSeconds = Date.UTC(2100, 0, 1) / 1000;

/** Unix seconds. Platforms send 0 for unknown; milliseconds in a field of seconds are implausible too. */
export function instant(value: unknown): Date | null {
  const seconds = wholeNumber(value);
  const isPlausible = seconds !== null && seconds >= earliestSeconds && seconds < latestSeconds;
  return isPlausible ? new Date(seconds * 1000) : null;
}

/** `2026-08-01T10:00:00.000Z`, or with an offset, whose colon some leave out: `+0000`. */
export function isoInstant(value: unknown): Date | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|([+-]\d\d):?(\d\d))$/.exec(text(value) ?? '');
  if (match === null) return null;
  const [, local, hours, minutes] = match;
  const date = new Date(`${local}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`);
  return Number.isNaN(date.getTime()) ? null : instant(Math.floor(date.getTime() / 1000));
}

/** A length in seconds from a number in seconds (factor 1) or milliseconds (factor 1000). 0 stands for none. */
export function duration(value: unknown, perSecond: 1 | 1000): number | null {
  const number = typeof value === 'string' && /^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number / perSecond : null;
}

/** What is kept of an item that was refused: enough to see what came, small enough to keep. */
export function excerpt(item: unknown, keys: readonly string[]): unknown {
  const source = fields(item);
  if (source === null) return { received: item === null ? 'null' : Array.isArray(item) ? 'array' : typeof item };
  const kept = keys.flatMap((key) => (key in source ? [[key, small(source[key])] as const] : []));
  return Object.fromEntries(kept);
}

function small(value: unknown): unknown {
  if (typeof value === 'string') return text(value.slice(0, 200));
  return typeof value === 'object' && value !== null ? '…' : value;
}
