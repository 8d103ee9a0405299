import type { Fields } from '../fields.ts';
import { heedRateLimit } from '../heed-rate-limit.ts';
import type { Answer, HttpClient } from '../http-client.ts';
import type { Limits } from '../manifest.ts';
import { ok } from '../outcome.ts';
import type { Failure, RequestOptions, Result } from '../source.ts';
import { dataOf, readReply } from './reply.ts';

type Query = Readonly<Record<string, string | null>>;

/** The platform that runs actors, one question at a time. */
export interface Api {
  get(path: string, query: Query, options: RequestOptions): Promise<Result<Fields>>;
  /** Items of a dataset, with the answer's headers. */
  list(path: string, query: Query, options: RequestOptions): Promise<Result<{ body: unknown; answer: Answer }>>;
  /** Starts something that costs. A failure with `isUnsure` may have started it all the same. */
  start(path: string, query: Query, input: object, options: RequestOptions): Promise<Started>;
  /** Ends something; may be said twice. However long others wait, this is soon over. */
  end(path: string): Promise<void>;
}

export type Started = { ok: true; value: Fields } | { ok: false; failure: Failure; isUnsure: boolean };

const endTimeoutMs = 2000;

export function createApi(client: HttpClient, limits: Limits): Api {
  const read = (answer: Answer, { now }: RequestOptions): Result<unknown> =>
    heedRateLimit(client, limits, readReply(answer, now.getTime()));
  return {
    async get(path, query, options) {
      const answer = await client.get({ path, query, signal: options.signal });
      return answer.ok ? dataOf(read(answer.value, options), `GET ${path}`) : answer;
    },
    async list(path, query, options) {
      const answer = await client.get({ path, query, signal: options.signal });
      if (!answer.ok) return answer;
      const body = read(answer.value, options);
      return body.ok ? ok({ body: body.value, answer: answer.value }) : body;
    },
    async start(path, query, input, options) {
      const body = { json: input };
      const answer = await client.post({ path, query, body, isRepeatable: false, signal: options.signal });
      if (!answer.ok) return { ...answer, isUnsure: true };
      const data = dataOf(read(answer.value, options), `POST ${path}`);
      return data.ok ? data : { ...data, isUnsure: answer.value.status < 400 || answer.value.status >= 500 };
    },
    async end(path) {
      const signal = AbortSignal.timeout(endTimeoutMs);
      await client.post({ path, query: {}, body: { json: {} }, isRepeatable: true, signal });
    },
  };
}
