import type { Fields } from '../fields.ts';
import type { HttpClient } from '../http-client.ts';
import type { Limits } from '../manifest.ts';
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

/** Without a Retry-After the vendor gets this long to breathe. */
const defaultPauseMs = 1000;
const longestPauseMs = 15 * 60_000;

export function createApi(client: HttpClient, limits: Limits, extraHeaders: ExtraHeaders): Api {
  return {
    async ask({ path, query, subject }, options) {
      const answer = await client.get({ path, query, headers: extraHeaders(subject, options), signal: options.signal });
      if (!answer.ok) return answer;
      const reply = readReply(answer.value, options.now.getTime());
      if (!reply.ok && reply.failure.code === 'rate_limited' && limits.rateLimitScope === 'key') {
        client.pause(Math.min(reply.failure.retryAfterMs ?? defaultPauseMs, longestPauseMs));
      }
      return reply;
    },
  };
}
