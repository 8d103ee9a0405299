import { type Fields, fields, text, wholeNumber } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { failed, type FailureCode } from '../outcome.ts';
import { describe, readJson, retryAfterMs } from '../read-answer.ts';
import type { Failure, Result } from '../source.ts';

/** A failure, and what the API says when it was about a field: then fewer fields may succeed. */
export type GraphResult = { ok: true; value: Fields } | { ok: false; failure: Failure; fieldRefusal: string | null };

const refusedField = 100;

const byCode: Record<number, FailureCode> = {
  [-1]: 'transient',
  1: 'transient',
  2: 'transient',
  4: 'rate_limited',
  10: 'permission_missing',
  17: 'rate_limited',
  24: 'not_found',
  32: 'rate_limited',
  [refusedField]: 'upstream_changed',
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
  if (error !== null) return readError(answer, error, nowMs);
  if (answer.status === 429)
    return refuse('rate_limited', describe(answer, ''), { waitMs: retryAfterMs(answer, nowMs) });
  if (answer.status >= 500) return refuse('transient', describe(answer, 'server error'));
  if (!json.ok) return { ...json, fieldRefusal: null };
  if (reply === null || answer.status >= 400) return refuse('upstream_changed', describe(answer, 'has no known shape'));
  return { ok: true, value: reply };
}

function readError(answer: Answer, error: Fields, nowMs: number): GraphResult {
  const number = typeof error.code === 'number' ? error.code : (wholeNumber(error.code) ?? Number.NaN);
  const code = codeOfError(number, error);
  const said = text(error.message) ?? text(error.type) ?? 'no message';
  const numbers = [error.code, error.error_subcode].filter((part) => typeof part === 'number').join('/');
  return refuse(code, describe(answer, `#${numbers}: ${said.slice(0, 300)}`), {
    fieldRefusal: number === refusedField ? said : null,
    waitMs: code === 'rate_limited' ? retryAfterMs(answer, nowMs) : null,
  });
}

function codeOfError(number: number, error: Fields): FailureCode {
  const known = byCode[number];
  if (known !== undefined) return known;
  if (number >= 200 && number <= 299) return 'permission_missing';
  return error.is_transient === true ? 'transient' : 'upstream_changed';
}

interface Detail {
  fieldRefusal?: string | null;
  waitMs?: number | null;
}

function refuse(code: FailureCode, message: string, { fieldRefusal = null, waitMs = null }: Detail = {}): GraphResult {
  return { ...failed(code, message, waitMs === null ? {} : { retryAfterMs: waitMs }), fieldRefusal };
}

export const toResult = (reply: GraphResult): Result<Fields> =>
  reply.ok ? reply : { ok: false, failure: reply.failure };
