import { addDays, countDays, type Day, isDay, startOfDay } from './days.ts';
import { dayOfNumber, utcDayNumber } from './runs.ts';

/** Whole UTC days from `start` to `end`, both included; `days` is their number. */
export interface Window {
  start: Day;
  end: Day;
  days: number;
}

export const periods = ['7d', '30d', '90d', 'custom'] as const;
export type Period = (typeof periods)[number];

/** A period that needs no dates. */
export type Preset = Exclude<Period, 'custom'>;

const presetDays: Record<Preset, number> = { '7d': 7, '30d': 30, '90d': 90 };
export const presets = Object.keys(presetDays) as Preset[];
export const defaultPeriod: Period = '30d';
/** Of a custom window, first and last day included. */
export const maxCustomDays = 366;

/** The three parameters of a window as a client sent them. */
export interface WindowRequest {
  period?: string | null | undefined;
  start_date?: string | null | undefined;
  end_date?: string | null | undefined;
}

export interface PeriodWindow extends Window {
  period: Period;
}

export interface WindowProblem {
  field: 'period' | 'start_date' | 'end_date';
  message: string;
}

export type ResolvedWindow = { ok: true; window: PeriodWindow } | { ok: false; problems: WindowProblem[] };

/**
 * The window that a client asked for (contract v2 §2.7). `Nd` is the last N days ending `today` included. Dates without a
 * period mean `custom`; neither means 30d; with a preset the dates are ignored, whatever they say.
 */
export function resolveWindow(request: WindowRequest, today: Day): ResolvedWindow {
  const { period, start_date: start, end_date: end } = request;
  const hasDates = (start ?? end ?? null) !== null;
  const chosen = period ?? (hasDates ? 'custom' : defaultPeriod);
  if (!isPeriod(chosen)) {
    return { ok: false, problems: [{ field: 'period', message: `must be one of: ${periods.join(', ')}` }] };
  }
  return chosen === 'custom' ? customWindow(start, end, today) : { ok: true, window: presetWindow(chosen, today) };
}

/** The window of equal length directly before. */
export function previousWindow(window: Window): Window {
  return { start: addDays(window.start, -window.days), end: addDays(window.start, -1), days: window.days };
}

function isPeriod(text: string): text is Period {
  return (periods as readonly string[]).includes(text);
}

/** The last N UTC days ending `today` included. */
export function presetWindow<P extends Preset>(period: P, today: Day): Window & { period: P } {
  const days = presetDays[period];
  const first = utcDayNumber(startOfDay(today)) + 1 - days;
  return { period, start: dayOfNumber(first), end: today, days };
}

function customWindow(start: string | null | undefined, end: string | null | undefined, today: Day): ResolvedWindow {
  const problems: WindowProblem[] = [];
  const startDay = checkDate('start_date', start, problems);
  const endDay = checkDate('end_date', end, problems);
  if (endDay !== null && endDay > today) problems.push({ field: 'end_date', message: 'must not be in the future' });
  if (startDay === null || endDay === null) return { ok: false, problems };
  const days = countDays(startDay, endDay);
  if (days < 1) problems.push({ field: 'start_date', message: 'must not be after end_date' });
  if (days > maxCustomDays) {
    problems.push({
      field: 'start_date',
      message: `must be at most ${maxCustomDays - 1} days before end_date`,
    });
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, window: { period: 'custom', start: startDay, end: endDay, days } };
}

function checkDate(
  field: 'start_date' | 'end_date',
  text: string | null | undefined,
  problems: WindowProblem[],
): Day | null {
  if (text === undefined || text === null) {
    problems.push({ field, message: 'is required' });
    return null;
  }
  if (isDay(text)) return text;
  problems.push({ field, message: 'must be a date (YYYY-MM-DD)' });
  return null;
}
