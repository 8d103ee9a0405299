import { type Fields, fields, text } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import { describe, readJson, tooMany } from '../read-answer.ts';
import { tiktokStatus } from '../payloads/tiktok-status.ts';
import type { Result } from '../source.ts';

/** The envelope of a successful answer, or what went wrong: with the vendor, or behind it on the platform. */
export function readReply(answer: Answer, nowMs: number): Result<Fields> {
  if (answer.status === 429) return tooMany(answer, nowMs);
  const json = readJson(answer);
  if (answer.status >= 500) return serverError(answer, json);
  if (!json.ok) return json;
  const reply = fields(json.value);
  if (reply === null) return failed('upstream_changed', describe(answer, 'is not a JSON object'));
  const code = answer.status >= 400 ? codeOfStatus(answer.status, reply) : codeOfReply(reply);
  return code === null ? ok(reply) : failed(code, describe(answer, messageOf(reply) ?? code));
}

/** The vendor says 500 "apiKey is required" where others say 401. */
function serverError(answer: Answer, json: Result<unknown>): Result<Fields> {
  const message = json.ok ? messageOf(fields(json.value) ?? {}) : null;
  const code = message !== null && /api.?key/i.test(message) ? 'auth_expired' : 'transient';
  return failed(code, describe(answer, message ?? 'server error'));
}

const byStatus: Record<number, FailureCode> = {
  401: 'auth_expired',
  402: 'insufficient_credit',
  403: 'blocked',
  404: 'not_found',
  408: 'transient',
  410: 'not_found',
  425: 'transient',
  451: 'restricted',
};

/** "API key not found" must not make every account unfindable: of 401 and 402 only the platform's wall is read. */
function codeOfStatus(status: number, reply: Fields): FailureCode {
  const fromMessage = codeOfMessage(reply);
  const isAboutKey = status === 401 || status === 402;
  const isWall = fromMessage === 'blocked' || fromMessage === 'challenge';
  const fromStatus = byStatus[status] ?? 'upstream_changed';
  return isAboutKey && !isWall ? fromStatus : (fromMessage ?? fromStatus);
}

/** Status 200, but perhaps the platform's own refusal inside. */
function codeOfReply(reply: Fields): FailureCode | null {
  if (reply.success === false) return codeOfMessage(reply) ?? 'transient';
  const statusCode = reply.status_code ?? reply.statusCode;
  if (typeof statusCode === 'number' && statusCode !== 0) return tiktokStatus(statusCode);
  const isRefusal = typeof reply.status === 'string' && reply.status !== 'ok';
  return isRefusal ? (codeOfMessage(reply) ?? 'transient') : null;
}

const byMessage: readonly (readonly [RegExp, FailureCode])[] = [
  [/checkpoint_required|challenge_required|feedback_required/i, 'challenge'],
  [/please wait a few minutes|require_login/i, 'blocked'],
  [/out of credits|insufficient credits|not enough credits/i, 'insufficient_credit'],
  [/api.?key/i, 'auth_expired'],
  [/(?:endpoint|route|path).{0,20}(?:not found|does not exist|doesn't exist)|cannot get \//i, 'upstream_changed'],
  [/is private|private (?:account|profile|user)/i, 'private'],
  [/age.?restricted|region.?(?:locked|restricted)|not available in/i, 'restricted'],
  [/not found|does not exist|doesn't exist|couldn't find|no (?:user|account|profile)/i, 'not_found'],
];

function codeOfMessage(reply: Fields): FailureCode | null {
  if (reply.require_login === true) return 'blocked';
  const message = messageOf(reply);
  return message === null ? null : (byMessage.find(([pattern]) => pattern.test(message))?.[1] ?? null);
}

function messageOf(reply: Fields): string | null {
  const message =
    text(reply.message) ?? text(reply.error) ?? text(reply.status_msg) ?? text(fields(reply.error)?.message);
  return message?.slice(0, 300) ?? null;
}
