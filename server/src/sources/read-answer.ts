import type { Answer } from './http-client.ts';
import { parseJson } from './json.ts';
import { failed, ok } from './outcome.ts';
import type { Failure, Result } from './source.ts';

type Failed = { ok: false; failure: Failure };

const wall = /accounts\/login|\/login\b|challenge|checkpoint|captcha|_wafchallengeid|log in|sign in|please wait/i;

/** The JSON of an answer. Pages made for people, redirects and damaged text are failures; the status is not looked at. */
export function readJson(answer: Answer): Result<unknown> {
  if (isRedirect(answer)) return redirected(answer);
  if (isPage(answer)) return page(answer);
  try {
    return ok(parseJson(answer.body));
  } catch {
    return failed('transient', describe(answer, 'is not complete JSON'));
  }
}

export const describe = (answer: Answer, what: string): string =>
  `${answer.method} ${answer.path}: ${answer.status} ${what}`;

export function header(answer: Answer, name: string): string | null {
  const value = answer.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** Retry-After in seconds or as a date. */
export function retryAfterMs(answer: Answer, nowMs: number): number | null {
  const value = header(answer, 'retry-after')?.trim();
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** The answer to too many requests, with how long to wait where it says so. */
export function tooMany(answer: Answer, nowMs: number, what = 'too many requests'): Failed {
  const waitMs = retryAfterMs(answer, nowMs);
  return failed('rate_limited', describe(answer, what), waitMs === null ? {} : { retryAfterMs: waitMs });
}

export const isRedirect = ({ status }: Answer): boolean => status >= 300 && status < 400;

export function redirected(answer: Answer): Failed {
  const location = header(answer, 'location') ?? '';
  if (wall.test(location)) return failed('challenge', describe(answer, 'redirects to a login wall'));
  // The bare home page is what is shown when the anonymous quota of an address is used up.
  const path = URL.parse(location, 'http://unknown')?.pathname;
  if (path === '/') return failed('blocked', describe(answer, 'redirects to the home page'));
  return failed('upstream_changed', describe(answer, 'redirects elsewhere'));
}

function isPage(answer: Answer): boolean {
  return header(answer, 'content-type')?.includes('text/html') === true || /^\s*</.test(answer.body);
}

function page(answer: Answer): Failed {
  if (wall.test(answer.body.slice(0, 8192)))
    return failed('challenge', describe(answer, 'is a login or challenge page'));
  if (answer.status === 403) return failed('blocked', describe(answer, 'is a page'));
  if (answer.status === 404)
    return failed('upstream_changed', describe(answer, 'is a page: the endpoint does not exist'));
  return failed('transient', describe(answer, 'is a page instead of JSON'));
}
