import { type FieldError, invalid } from '../../contract/problem.ts';
import { utcDay } from '../../metrics/runs.ts';
import { type PeriodWindow, resolveWindow, type WindowRequest } from '../../metrics/windows.ts';

/** What is wrong with `period`, `start_date` and `end_date`; that one is no text at all is the schema's to say. */
export function windowProblems({ period, start_date, end_date }: Record<string, unknown>, now: Date): FieldError[] {
  const request = { period, start_date, end_date };
  if (!isText(request)) return [];
  const resolved = resolveWindow(request, utcDay(now));
  return resolved.ok ? [] : resolved.problems;
}

function isText(request: Record<keyof WindowRequest, unknown>): request is WindowRequest & typeof request {
  return Object.values(request).every((value) => value === undefined || value === null || typeof value === 'string');
}

export function parseWindow(request: WindowRequest, now: Date): PeriodWindow {
  const resolved = resolveWindow(request, utcDay(now));
  if (!resolved.ok) throw invalid(resolved.problems);
  return resolved.window;
}
