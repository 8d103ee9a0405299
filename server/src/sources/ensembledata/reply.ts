import { type Fields, fields, list, text } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import { nextUtcDay } from '../daily-allowance.ts';
import { describe, readJson, tooMany } from '../read-answer.ts';
import type { Result } from '../source.ts';

/** The vendor has statuses of its own between 460 and 520. */
const byStatus: Record<number, FailureCode> = {
  404: 'upstream_changed',
  422: 'upstream_changed',
  462: 'upstream_changed',
  463: 'not_found',
  464: 'upstream_changed',
  465: 'upstream_changed',
  466: 'upstream_changed',
  469: 'restricted',
  471: 'restricted',
  472: 'private',
  473: 'not_found',
  474: 'not_found',
  491: 'auth_expired',
  492: 'permission_missing',
  493: 'auth_expired',
  495: 'quota_exhausted',
  520: 'restricted',
};

/** The envelope of a successful answer: `data`, and perhaps `nextCursor`. */
export function readReply(answer: Answer, now: Date): Result<Fields> {
  if (answer.status === 429) return tooMany(answer, now.getTime());
  const json = readJson(answer);
  const code = byStatus[answer.status];
  const said = json.ok ? detailOf(json.value) : null;
  if (code !== undefined) {
    const detail = code === 'quota_exhausted' ? { resetAt: nextUtcDay(now) } : {};
    return failed(code, describe(answer, said ?? code), detail);
  }
  if (answer.status >= 500) return failed('transient', describe(answer, said ?? 'server error'));
  if (!json.ok) return json;
  const reply = fields(json.value);
  if (reply === null || answer.status >= 400) {
    return failed('upstream_changed', describe(answer, said ?? 'has no known shape'));
  }
  return 'data' in reply ? ok(reply) : failed('upstream_changed', describe(answer, 'no data'));
}

/** A sentence, or a list of what is wrong with a request; it may repeat the request, whose token is no message. */
function detailOf(body: unknown): string | null {
  const detail = fields(body)?.detail;
  const said = text(detail) ?? text(fields(list(detail)?.[0])?.msg);
  return said?.replaceAll(/token=\S+/g, 'token=…').slice(0, 300) ?? null;
}
