import { type Fields, fields, fieldsAt, text, wholeNumber } from '../fields.ts';
import type { Answer, HttpClient } from '../http-client.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import { describe, readJson, tooMany } from '../read-answer.ts';
import type { Failure, RequestOptions, Result } from '../source.ts';

const tokenPath = '/v2/oauth/token/';

/** What stands for a caller until it expires. */
export interface IssuedToken {
  accessToken: string;
  expiresAtMs: number;
  /** Everything else that came with it. */
  reply: Fields;
}

/** Error codes of the OAuth endpoint, which has a shape of its own. */
const byError: Record<string, FailureCode> = {
  invalid_client: 'auth_expired',
  invalid_grant: 'auth_expired',
  unauthorized_client: 'permission_missing',
  invalid_scope: 'permission_missing',
  access_denied: 'permission_missing',
  rate_limit_exceeded: 'rate_limited',
  server_error: 'transient',
  temporarily_unavailable: 'transient',
};

/** Asks for a token; `form` may hold secrets, which appear in no message. */
export async function requestToken(
  client: HttpClient,
  form: Readonly<Record<string, string>>,
  { signal, now }: RequestOptions,
): Promise<Result<IssuedToken>> {
  // A refresh token may serve once: the question is not repeated by itself.
  const isRepeatable = form.grant_type === 'client_credentials';
  const answer = await client.post({ path: tokenPath, query: {}, body: { form }, isRepeatable, signal });
  return answer.ok ? readToken(answer.value, now.getTime()) : answer;
}

function readToken(answer: Answer, nowMs: number): Result<IssuedToken> {
  const json = readJson(answer);
  const reply = json.ok ? fields(json.value) : null;
  const error = text(reply?.error) ?? text(fieldsAt(reply, 'error')?.code);
  if (error !== null && error !== 'ok') {
    const code = byError[error] ?? (answer.status >= 500 ? 'transient' : 'upstream_changed');
    const said = text(reply?.error_description) ?? '';
    return failed(code, describe(answer, `${error}: ${said.slice(0, 300)}`));
  }
  if (answer.status === 429) return tooMany(answer, nowMs);
  if (answer.status >= 500) return failed('transient', describe(answer, 'server error'));
  if (!json.ok) return json;
  const accessToken = text(reply?.access_token);
  const expiresIn = wholeNumber(reply?.expires_in);
  if (reply === null || accessToken === null || expiresIn === null) {
    return failed('upstream_changed', describe(answer, 'has no token'));
  }
  return ok({ accessToken, expiresAtMs: nowMs + expiresIn * 1000, reply });
}

export interface TokenKeeper {
  /** A token that is good for minutes at least. */
  current(options: RequestOptions): Promise<Result<string>>;
  /** The API does not take it any more. */
  forget(accessToken: string): void;
}

const spareMs = 5 * 60_000;

/** Credentials that were refused are not offered again for each profile; the operator mends them at their own pace. */
const refusedForMs = 5 * 60_000;
const refusals = new Set<FailureCode>(['auth_expired', 'permission_missing']);

/** Keeps a token until shortly before it expires; whoever asks meanwhile waits for the same new one. `first`: one that is there already. */
export function createTokenKeeper(
  issue: (options: RequestOptions) => Promise<Result<IssuedToken>>,
  first: IssuedToken | null = null,
): TokenKeeper {
  let token = first;
  let issuing: Promise<Result<string>> | null = null;
  let refused: { failure: Failure; untilMs: number } | null = null;
  const renew = async (options: RequestOptions): Promise<Result<string>> => {
    const issued = await issue(options);
    if (!issued.ok) {
      const { failure } = issued;
      if (refusals.has(failure.code)) refused = { failure, untilMs: options.now.getTime() + refusedForMs };
      return issued;
    }
    token = issued.value;
    return ok(token.accessToken);
  };
  return {
    async current(options) {
      const nowMs = options.now.getTime();
      if (token !== null && nowMs < token.expiresAtMs - spareMs) return ok(token.accessToken);
      if (refused !== null && nowMs < refused.untilMs) return { ok: false, failure: refused.failure };
      // Not the caller's signal: others may wait for the same token.
      issuing ??= renew({ now: options.now }).finally(() => {
        issuing = null;
      });
      return issuing;
    },
    forget(accessToken) {
      if (token?.accessToken === accessToken) token = null;
    },
  };
}
