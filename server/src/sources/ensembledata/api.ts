import type { DailyAllowance } from '../daily-allowance.ts';
import { type Fields, wholeNumber } from '../fields.ts';
import { heedRateLimit } from '../heed-rate-limit.ts';
import type { HttpClient } from '../http-client.ts';
import type { Limits } from '../manifest.ts';
import { header } from '../read-answer.ts';
import type { RequestOptions, Result } from '../source.ts';
import { readReply } from './reply.ts';

export interface Api {
  ask(path: string, query: Readonly<Record<string, string | null>>, options: RequestOptions): Promise<Result<Fields>>;
}

/** The token can be sent in the address only; no message and no log has the address. */
export function createApi(client: HttpClient, limits: Limits, token: string, allowance: DailyAllowance): Api {
  // Prices differ from endpoint to endpoint, and are known from what the last answer was charged.
  const prices = new Map<string, number>();
  return {
    async ask(path, query, options) {
      const taken = allowance.take(prices.get(path) ?? 1, options.now);
      if (!taken.ok) return taken;
      const answer = await client.get({ path, query: { ...query, token }, signal: options.signal });
      if (!answer.ok) return answer;
      const charged = wholeNumber(header(answer.value, 'units_charged'));
      if (charged !== null) {
        taken.value.settle(charged);
        prices.set(path, Math.max(charged, 1));
      }
      const reply = readReply(answer.value, options.now);
      if (!reply.ok && reply.failure.code === 'quota_exhausted') allowance.exhaust(options.now);
      return heedRateLimit(client, limits, reply);
    },
  };
}
