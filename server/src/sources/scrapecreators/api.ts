import type { Fields } from '../fields.ts';
import type { HttpClient } from '../http-client.ts';
import type { Limits } from '../manifest.ts';
import { heedRateLimit } from '../heed-rate-limit.ts';
import type { ProfileRef, RequestOptions, Result } from '../source.ts';
import { readReply } from './reply.ts';

/** What a request is about, for whoever adds headers to it. */
export type Subject = Pick<ProfileRef, 'platform'> & { username: string | null };

export interface Question {
  path: string;
  query: Readonly<Record<string, string | null>>;
  subject: Subject;
}

export interface Api {
  ask(question: Question, options: RequestOptions): Promise<Result<Fields>>;
}

/** Headers of one request beside the key; the sandbox sends its time this way. */
export type ExtraHeaders = (subject: Subject, options: RequestOptions) => Record<string, string>;

export function createApi(client: HttpClient, limits: Limits, extraHeaders: ExtraHeaders): Api {
  return {
    async ask({ path, query, subject }, options) {
      const answer = await client.get({ path, query, headers: extraHeaders(subject, options), signal: options.signal });
      if (!answer.ok) return answer;
      const reply = readReply(answer.value, options.now.getTime());
      return heedRateLimit(client, limits, reply);
    },
  };
}
