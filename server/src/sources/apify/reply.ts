import { type Fields, fields, fieldsAt, text } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import { describe, readJson, tooMany } from '../read-answer.ts';
import type { Result } from '../source.ts';

const byStatus: Record<number, FailureCode> = {
  401: 'auth_expired',
  402: 'insufficient_credit',
  403: 'permission_missing',
  408: 'transient',
};

/** What the platform of the actors answered. It speaks of runs, never of a profile: 404 is a wrong actor or run. */
export function readReply(answer: Answer, nowMs: number): Result<unknown> {
  if (answer.status === 429) return tooMany(answer, nowMs);
  const json = readJson(answer);
  if (answer.status >= 500) return failed('transient', describe(answer, messageOf(json) ?? 'server error'));
  if (!json.ok) return json;
  if (answer.status < 400) return ok(json.value);
  const code = byType(json.value) ?? byStatus[answer.status] ?? 'upstream_changed';
  return failed(code, describe(answer, messageOf(json) ?? code));
}

/** Of a 402 or 403 the type tells used-up money from too many runs at once. */
function byType(body: unknown): FailureCode | null {
  const type = text(fieldsAt(body, 'error')?.type) ?? '';
  if (/memory-limit|concurrent-runs/.test(type)) return 'rate_limited';
  return /usage|credit|payment|limit-exceeded/.test(type) ? 'insufficient_credit' : null;
}

function messageOf(json: Result<unknown>): string | null {
  const error = json.ok ? fieldsAt(json.value, 'error') : null;
  const said = [text(error?.type), text(error?.message)].filter((part) => part !== null);
  return said.length === 0 ? null : said.join(': ').slice(0, 300);
}

/** Every answer but a dataset's is wrapped. */
export function dataOf(reply: Result<unknown>, what: string): Result<Fields> {
  if (!reply.ok) return reply;
  const data = fields(fields(reply.value)?.data);
  return data === null ? failed('upstream_changed', `${what}: no data`) : ok(data);
}
