import { counter, type Fields, fields, text } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import { describe, readJson, retryAfterMs } from '../read-answer.ts';
import type { Failure, Result } from '../source.ts';

/** A failure, and whether it was about a field: then fewer fields may succeed. */
export type GraphResult = { ok: true; value: Fields } | { ok: false; failure: Failure; isFieldRefused: boolean };

const byCode: Record<number, FailureCode> = {
  [-1]: 'transient',
  1: 'transient',
  2: 'transient',
  4: 'rate_limited',
  10: 'permission_missing',
  17: 'rate_limited',
  24: 'not_found',
  32: 'rate_limited',
  100: 'upstream_changed',
  102: 'auth_expired',
  110: 'not_found',
  190: 'auth_expired',
  368: 'blocked',
  613: 'rate_limited',
  80002: 'rate_limited',
};

/** The error code decides, whatever the HTTP status: most errors come with 400. */
export function readGraphReply(answer: Answer, nowMs: number): GraphResult {
  const json = readJson(answer);
  const reply = json.ok ? fields(json.value) : null;
  const error = fields(reply?.error);
  if (error !== null) {
    const { code, fieldRefused } = codeOfError(error);
    const numbers = [error.code, error.error_subcode].filter((part) => typeof part === 'number').join('/');
    const message = describe(answer, `#${numbers}: ${messageOf(error)}`);
    return refuse(code, message, fieldRefused, code === 'rate_limited' ? retryAfterMs(answer, nowMs) : null);
  }
  if (answer.status === 429) return refuse('rate_limited', describe(answer, ''), false, retryAfterMs(answer, nowMs));
  if (answer.status >= 500) return refuse('transient', describe(answer, 'server error'));
  if (!json.ok) return { ...json, isFieldRefused: false };
  if (reply === null || answer.status >= 400) return refuse('upstream_changed', describe(answer, 'has no known shape'));
  return ok(reply) as GraphResult;
}

function codeOfError(error: Fields): { code: FailureCode; fieldRefused: boolean } {
  const code = typeof error.code === 'number' ? error.code : (counter(error.code) ?? Number.NaN);
  const known = byCode[code];
  if (known !== undefined) return { code: known, fieldRefused: code === 100 };
  if (code >= 200 && code <= 299) return { code: 'permission_missing', fieldRefused: false };
  return { code: error.is_transient === true ? 'transient' : 'upstream_changed', fieldRefused: false };
}

const messageOf = (error: Fields): string => (text(error.message) ?? text(error.type) ?? 'no message').slice(0, 300);

function refuse(code: FailureCode, message: string, isFieldRefused = false, waitMs: number | null = null): GraphResult {
  return { ...failed(code, message, waitMs === null ? {} : { retryAfterMs: waitMs }), isFieldRefused };
}

export const toResult = (reply: GraphResult): Result<Fields> =>
  reply.ok ? reply : { ok: false, failure: reply.failure };
