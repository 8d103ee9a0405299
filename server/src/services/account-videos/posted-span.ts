import { Temporal } from 'temporal-polyfill';
import { type FieldError, invalid } from '../../contract/problem.ts';
import { isDay } from '../../metrics/days.ts';

/** Posts from `after` (included) to `before` (excluded). */
export interface PostedSpan {
  after: Date | null;
  before: Date | null;
}

const zonedPattern = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/i;
const message = 'must be a date (YYYY-MM-DD) or a timestamp with a zone';

/** What is wrong with `posted_after` and `posted_before` (contract v2 §2.6). Takes what the schema refused too. */
export function postedSpanProblems(input: Record<string, unknown>): FieldError[] {
  const span = { posted_after: momentOf(input.posted_after), posted_before: momentOf(input.posted_before) };
  const problems = Object.entries(span)
    .filter(([, moment]) => moment === undefined)
    .map(([field]) => ({ field, message }));
  const { posted_after: after, posted_before: before } = span;
  if (after && before && after >= before)
    problems.push({ field: 'posted_before', message: 'must be after posted_after' });
  return problems;
}

export function parsePostedSpan(input: {
  posted_after?: string | undefined;
  posted_before?: string | undefined;
}): PostedSpan {
  const problems = postedSpanProblems(input);
  if (problems.length > 0) throw invalid(problems);
  return { after: momentOf(input.posted_after) ?? null, before: momentOf(input.posted_before) ?? null };
}

/** null when absent, undefined when it is no moment. */
function momentOf(value: unknown): Date | null | undefined {
  if (value === undefined) return null;
  if (typeof value !== 'string') return undefined;
  if (isDay(value)) return new Date(`${value}T00:00:00Z`);
  if (!zonedPattern.test(value)) return undefined;
  try {
    return new Date(Temporal.Instant.from(value).epochMilliseconds);
  } catch {
    return undefined;
  }
}
