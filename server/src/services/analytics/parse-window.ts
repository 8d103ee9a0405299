import { type FieldError, invalid } from '../../contract/problem.ts';
import { utcDay } from '../../metrics/runs.ts';
import { type PeriodWindow, resolveWindow, type WindowRequest } from '../../metrics/windows.ts';

/**
 * What is wrong with `period`, `start_date` and `end_date`. That one is no text at all is the schema's to say: such a date keeps
 * nothing from being said of the other one; under such a period nobody knows whether dates count.
 */
export function windowProblems({ period, start_date, end_date }: Record<string, unknown>, now: Date): FieldError[] {
  if (!isText(period)) return [];
  const resolved = resolveWindow({ period, start_date: textOf(start_date), end_date: textOf(end_date) }, utcDay(now));
  return resolved.ok ? [] : resolved.problems;
}

const isText = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || typeof value === 'string';

const textOf = (value: unknown): string | null | undefined => (isText(value) ? value : '');

export function parseWindow(request: WindowRequest, now: Date): PeriodWindow {
  const resolved = resolveWindow(request, utcDay(now));
  if (!resolved.ok) throw invalid(resolved.problems);
  return resolved.window;
}
