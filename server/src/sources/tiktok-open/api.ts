import type { Fields } from '../fields.ts';
import { heedRateLimit } from '../heed-rate-limit.ts';
import type { HttpClient } from '../http-client.ts';
import type { Limits } from '../manifest.ts';
import type { RequestOptions, Result } from '../source.ts';
import { type OfInvalidParams, readOpenReply } from './reply.ts';
import type { TokenKeeper } from './token.ts';

export interface Question {
  path: string;
  /** Fields of the answer; there is no default set. */
  fields: readonly string[];
  /** Posted as JSON; null: a GET. */
  body: object | null;
  ofInvalidParams?: OfInvalidParams;
}

export type Ask = (question: Question, options: RequestOptions) => Promise<Result<Fields>>;

/** Questions to open.tiktokapis.com. A token that was refused is replaced once: it may have expired early. */
export function createAsk(client: HttpClient, limits: Limits, tokens: TokenKeeper): Ask {
  const askWith = async (token: string, question: Question, options: RequestOptions): Promise<Result<Fields>> => {
    const { path, body, fields: wanted, ofInvalidParams } = question;
    const request = {
      path,
      query: { fields: wanted.join() },
      headers: { authorization: `Bearer ${token}` },
      signal: options.signal,
    };
    const answer =
      body === null
        ? await client.get(request)
        : await client.post({ ...request, body: { json: body }, isRepeatable: true });
    if (!answer.ok) return answer;
    return heedRateLimit(client, limits, readOpenReply(answer.value, options.now, ofInvalidParams));
  };
  return async (question, options) => {
    for (let isFirst = true; ; isFirst = false) {
      const token = await tokens.current(options);
      if (!token.ok) return token;
      const reply = await askWith(token.value, question, options);
      if (reply.ok || reply.failure.code !== 'auth_expired') return reply;
      tokens.forget(token.value);
      if (!isFirst) return reply;
    }
  };
}
