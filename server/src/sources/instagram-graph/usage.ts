import { type Fields, fields, list } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { header } from '../read-answer.ts';

export interface Usage {
  /** The fullest of all meters, 0-100; the API throttles at 100. null when it does not say: it does so only after some calls. */
  percent: number | null;
  /** What the API itself estimates until calls are allowed again. The field is in minutes. */
  regainMs: number | null;
}

const percentKeys = ['call_count', 'total_cputime', 'total_time'] as const;

export function readUsage(answer: Answer): Usage {
  const meters = [
    ...appMeters(header(answer, 'x-app-usage')),
    ...businessMeters(header(answer, 'x-business-use-case-usage')),
  ];
  const percents = meters.flatMap((meter) => percentKeys.flatMap((key) => amount(meter[key]) ?? []));
  const minutes = meters.flatMap((meter) => amount(meter.estimated_time_to_regain_access) ?? []);
  const longestMinutes = Math.max(0, ...minutes);
  return {
    percent: percents.length === 0 ? null : Math.max(...percents),
    regainMs: longestMinutes === 0 ? null : longestMinutes * 60_000,
  };
}

/** From here on calls are spread out, so that the last quarter of the window lasts. */
const slowFromPercent = 75;
const slowestMs = 10_000;
/** At the limit without an estimate: a share of the rolling hour. */
const throttledMs = 5 * 60_000;

/** How long to leave the API alone after this answer. */
export function pauseAfter({ percent, regainMs }: Usage): number {
  if (regainMs !== null) return regainMs;
  if (percent === null || percent < slowFromPercent) return 0;
  if (percent >= 100) return throttledMs;
  return (slowestMs * (percent - slowFromPercent)) / (100 - slowFromPercent);
}

function appMeters(value: string | null): Fields[] {
  const meter = parse(value);
  return meter === null ? [] : [meter];
}

/** Meters by the id of a business object. */
function businessMeters(value: string | null): Fields[] {
  const meters = Object.values(parse(value) ?? {}).flatMap((entry) => list(entry) ?? []);
  return meters.map(fields).filter((meter) => meter !== null);
}

function parse(value: string | null): Fields | null {
  if (value === null) return null;
  try {
    return fields(JSON.parse(value));
  } catch {
    return null;
  }
}

const amount = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
