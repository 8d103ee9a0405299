import { type RawBuilder, sql } from 'kysely';
import { type Gains, gainNames } from '../metrics/counters.ts';

/** Gains under their column names. */
export const gainColumns = (gains: Gains): Record<string, number | null> =>
  Object.fromEntries(gainNames.map((name, i) => [name, gains[i] ?? null]));

/** Assigns a sum in which unknown plus something is something: it stays null only while nothing was read. */
export const plus = (name: string, old: string, more: string): string =>
  `${name} = coalesce(${old}.${name} + ${more}.${name}, ${old}.${name}, ${more}.${name})`;

export const gainTypes = Object.fromEntries(gainNames.map((name) => [name, 'bigint']));
export const gainList: RawBuilder<unknown> = sql.raw(gainNames.join(', '));
export const newGains: RawBuilder<unknown> = sql.raw(gainNames.map((name) => `u.${name}`).join(', '));
/** Adds gains to a day `d` that has a row already. */
export const daySums: RawBuilder<unknown> = sql.raw(gainNames.map((name) => plus(name, 'd', 'excluded')).join(', '));
