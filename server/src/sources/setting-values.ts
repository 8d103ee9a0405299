import type { Manifest } from './manifest.ts';

/** TALLYLINE_<NAME>_* of one source by the rest of the variable's name in lower case; config has checked their form. */
export type Values = Readonly<Record<string, string>>;

export const variable = (source: string, name: string): string =>
  `TALLYLINE_${source.toUpperCase()}_${name.toUpperCase()}`;

export function required(source: string, name: string, values: Values): string {
  const value = values[name];
  if (value === undefined || value === '') throw new Error(`${variable(source, name)} is required`);
  return value;
}

/** A whole number of 1 or more. */
export function positive(source: string, name: string, values: Values): number | null {
  const value = amount(source, name, values);
  if (value !== null && !Number.isSafeInteger(value))
    throw new Error(`${variable(source, name)} is not a whole number`);
  return value;
}

/** A number above 0. */
export function amount(source: string, name: string, values: Values): number | null {
  const value = values[name];
  if (value === undefined) return null;
  const number = Number(value);
  if (!(Number.isFinite(number) && number > 0)) throw new Error(`${variable(source, name)} is not a positive number`);
  return number;
}

/** The manifest with the bounds that the operator has set. */
export function withLimits(manifest: Manifest, values: Values): Manifest {
  const requestTimeoutMs = positive(manifest.name, 'timeout_ms', values) ?? manifest.limits.requestTimeoutMs;
  const concurrency = positive(manifest.name, 'concurrency', values) ?? manifest.limits.concurrency;
  return { ...manifest, limits: { ...manifest.limits, requestTimeoutMs, concurrency } };
}

/** The manifest of a reader of public pages, with the pace that the operator has set: half of it again by chance. */
export function withInterval(manifest: Manifest, values: Values): Manifest {
  const intervalMs = positive(manifest.name, 'interval_ms', values) ?? manifest.limits.pace?.intervalMs;
  if (intervalMs === undefined) return manifest;
  return { ...manifest, limits: { ...manifest.limits, pace: { intervalMs, jitterMs: intervalMs / 2 } } };
}
