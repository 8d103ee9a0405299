import type { Answer } from '../http-client.ts';
import { parseJson } from '../json.ts';
import { failed, ok } from '../outcome.ts';
import { describe, isRedirect, redirected, tooMany } from '../read-answer.ts';
import type { Result } from '../source.ts';

/** TikTok's proof-of-work page, and the words of login and challenge pages. */
const waf = /_wafchallengeid|id="(?:wci|rci|cs)"/;
const wall = /accounts\/login|challenge_required|checkpoint_required|captcha/i;

/** The page of an answer with status 200; anything else is a failure. 404 is left to the caller: it means different things. */
export function readPage(answer: Answer, nowMs: number): Result<string> {
  if (isRedirect(answer)) return redirected(answer);
  if (answer.status === 429) return tooMany(answer, nowMs);
  if (answer.status === 401 || answer.status === 403) return failed('blocked', describe(answer, 'is refused'));
  if (answer.status >= 500) return failed('transient', describe(answer, 'server error'));
  if (answer.status !== 200) return failed('upstream_changed', describe(answer, 'is not a page'));
  if (answer.body.trim() === '') return failed('rate_limited', describe(answer, 'is empty'));
  if (waf.test(answer.body)) return failed('challenge', describe(answer, 'is a proof-of-work page'));
  return ok(answer.body);
}

/** Of a page without the data that was looked for. */
export const isWall = (page: string): boolean => wall.test(page);

/** The JSON in `<script id="…">`; null when there is none, or it is damaged. */
export function scriptJson(page: string, id: string): unknown {
  const script = new RegExp(`<script\\b[^>]*\\bid="${id}"[^>]*>([\\s\\S]*?)</script>`).exec(page)?.[1];
  if (script === undefined) return null;
  try {
    return parseJson(script);
  } catch {
    return null;
  }
}

/** The content of `<meta property="…">`, in either order of the attributes. */
export function metaContent(page: string, property: string): string | null {
  const tag = new RegExp(`<meta\\b[^>]*\\bproperty="${property}"[^>]*>`).exec(page)?.[0] ?? '';
  return /\bcontent="([^"]*)"/.exec(tag)?.[1] ?? null;
}
