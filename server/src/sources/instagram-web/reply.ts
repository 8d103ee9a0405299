import { type Fields, fields, fieldsAt, text } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import { findObject } from '../payloads/find-object.ts';
import { describe, readJson, tooMany } from '../read-answer.ts';
import type { Failure, Result } from '../source.ts';

/**
 * `isPageWorthALook`: the endpoint fails on some accounts whose page is fine (a known fault with categories of businesses), and an
 * endpoint that is gone answers 404 like an account that is.
 */
export type UserReply = { ok: true; value: Fields } | { ok: false; failure: Failure; isPageWorthALook: boolean };

const byMessage: readonly (readonly [RegExp, FailureCode])[] = [
  [/checkpoint_required|challenge_required|feedback_required/i, 'challenge'],
  [/please wait a few minutes|too many/i, 'rate_limited'],
];

/** The user of `web_profile_info`. */
export function readUser(answer: Answer, username: string, nowMs: number): UserReply {
  const refuse = (failure: Failure, isPageWorthALook = false): UserReply => ({ ok: false, failure, isPageWorthALook });
  if (answer.status === 404) return refuse(failed('not_found', describe(answer, username)).failure, true);
  if (answer.status === 429) return refuse(tooMany(answer, nowMs).failure);
  const json = readJson(answer);
  if (!json.ok) return refuse(json.failure, answer.status >= 500 && json.failure.code === 'transient');
  const reply = fields(json.value);
  const code = codeOf(answer, reply);
  if (code !== null) {
    const said = text(reply?.message)?.slice(0, 300) ?? code;
    return refuse(failed(code, describe(answer, said)).failure, code === 'transient');
  }
  const data = fieldsAt(reply, 'data');
  if (data === null) return refuse(failed('upstream_changed', describe(answer, 'no data')).failure);
  const user = findObject(data, { keys: ['user'], gone: 'not_found', what: `profile ${username}` });
  return user.ok ? user : refuse(user.failure);
}

function codeOf({ status }: Answer, reply: Fields | null): FailureCode | null {
  const message = text(reply?.message) ?? '';
  const said = byMessage.find(([pattern]) => pattern.test(message))?.[1];
  if (said !== undefined) return said;
  if (reply?.require_login === true || status === 401 || status === 403) return 'blocked';
  if (status >= 500) return 'transient';
  if (status >= 400 || reply === null) return 'upstream_changed';
  return text(reply.status) === null || reply.status === 'ok' ? null : 'transient';
}

/** Ages and sensitive contents are gated. */
export function checkGate(user: Fields, username: string): Result<Fields> {
  return fields(user.gating_info) === null ? ok(user) : failed('restricted', `${username} is gated`);
}
