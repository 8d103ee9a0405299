import { type FieldError, invalid } from '../../contract/problem.ts';
import { utcDay } from '../../metrics/runs.ts';
import { type PeriodWindow, resolveWindow, type WindowRequest } from '../../metrics/windows.ts';

/** What is wrong with `period`, `start_date` and `end_date`. */
export function windowProblems(request: WindowRequest, now: Date): FieldError[] {
  const resolved = resolveWindow(request, utcDay(now));
  return resolved.ok ? [] : resolved.problems;
}

export function parseWindow(request: WindowRequest, now: Date): PeriodWindow {
  const resolved = resolveWindow(request, utcDay(now));
  if (!resolved.ok) throw invalid(resolved.problems);
  return resolved.window;
}
