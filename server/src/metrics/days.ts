import { Temporal } from 'temporal-polyfill';
import { dayOfNumber, utcDayNumber } from './runs.ts';

/** A UTC calendar date, `YYYY-MM-DD`. Days compare as text. */
export type Day = string;

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is an existing calendar date written `YYYY-MM-DD`. */
export function isDay(text: string): text is Day {
  if (!dayPattern.test(text)) return false;
  try {
    Temporal.PlainDate.from(text);
    return true;
  } catch {
    return false;
  }
}

/** The day `count` days later; earlier when negative. */
export function addDays(day: Day, count: number): Day {
  return Temporal.PlainDate.from(day).add({ days: count }).toString();
}

/** Number of days from `start` to `end`, both included; 0 or less when `end` lies before `start`. */
export function countDays(start: Day, end: Day): number {
  return Temporal.PlainDate.from(start).until(end, { largestUnit: 'day' }).days + 1;
}

/** Every day from `start` to `end`, both included; empty when `end` lies before `start`. */
export function listDays(start: Day, end: Day): Day[] {
  // Day numbers instead of Temporal: a series lists its days on every read, and this is 30 times faster.
  const first = utcDayNumber(new Date(`${start}T00:00:00Z`));
  const last = utcDayNumber(new Date(`${end}T00:00:00Z`));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => dayOfNumber(first + i));
}
