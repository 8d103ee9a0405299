import { type Fields, fields, text } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import { describe, readJson, retryAfterMs } from '../read-answer.ts';
import { nextUtcDay } from '../daily-allowance.ts';
import type { Result } from '../source.ts';

const byCode: Record<string, FailureCode> = {
  access_token_invalid: 'auth_expired',
  invalid_token: 'auth_expired',
  scope_not_authorized: 'permission_missing',
  scope_permission_missed: 'permission_missing',
  permission_denied: 'permission_missing',
  rate_limit_exceeded: 'rate_limited',
  daily_quota_limit_exceeded: 'quota_exhausted',
  invalid_params: 'upstream_changed',
  invalid_file_upload: 'upstream_changed',
  internal_error: 'transient',
};

/** Limits are counted over a sliding minute. */
const rateWindowMs = 60_000;

/** What `invalid_params` means depends on what was asked: an unknown user may be one of them. */
export type OfInvalidParams = (message: string) => FailureCode;
const changed: OfInvalidParams = () => 'upstream_changed';

/** `data` of an answer of open.tiktokapis.com, or what its error code says, whatever the status. */
export function readOpenReply(answer: Answer, now: Date, ofInvalidParams: OfInvalidParams = changed): Result<Fields> {
  const json = readJson(answer);
  const reply = json.ok ? fields(json.value) : null;
  const error = fields(reply?.error);
  const code = text(error?.code);
  if (code !== null && code !== 'ok') return refused(answer, now, code, text(error?.message) ?? '', ofInvalidParams);
  if (answer.status === 429) return rateLimited(answer, now, 'too many requests');
  if (answer.status >= 500) return failed('transient', describe(answer, 'server error'));
  if (!json.ok) return json;
  const data = fields(reply?.data);
  if (answer.status === 401) return failed('auth_expired', describe(answer, 'not authorized'));
  if (data === null || answer.status >= 400) return failed('upstream_changed', describe(answer, 'has no known shape'));
  return ok(data);
}

function refused(
  answer: Answer,
  now: Date,
  code: string,
  message: string,
  ofInvalidParams: OfInvalidParams,
): Result<Fields> {
  const said = describe(answer, `${code}: ${message.slice(0, 300)}`);
  const outcome = code === 'invalid_params' ? ofInvalidParams(message) : byCode[code];
  if (outcome === 'rate_limited') return rateLimited(answer, now, code);
  if (outcome === 'quota_exhausted') return failed(outcome, said, { resetAt: nextUtcDay(now) });
  return failed(outcome ?? (answer.status >= 500 ? 'transient' : 'upstream_changed'), said);
}

const rateLimited = (answer: Answer, now: Date, what: string): Result<Fields> =>
  failed('rate_limited', describe(answer, what), {
    retryAfterMs: retryAfterMs(answer, now.getTime()) ?? rateWindowMs,
  });
