import type { Fields } from '../fields.ts';
import type { HttpClient } from '../http-client.ts';
import type { RequestOptions, Result } from '../source.ts';
import { createAcceptedFields, withoutRefused } from './accepted-fields.ts';
import { type GraphResult, readGraphReply, toResult } from './errors.ts';
import type { Wanted } from './fields.ts';
import { pauseAfter, readUsage } from './usage.ts';

export type Ask = (fields: string, options: RequestOptions) => Promise<GraphResult>;
type Expansion = (asked: readonly string[]) => string;
export type Discover = (expansion: Expansion, options: RequestOptions) => Promise<Result<Fields>>;

/** One request, and the pause that its answer asks for. */
export function createAsk(client: HttpClient, path: string): Ask {
  return async (fields, options) => {
    const answer = await client.get({ path, query: { fields }, signal: options.signal });
    if (!answer.ok) return { ...answer, fieldRefusal: null };
    const usage = readUsage(answer.value);
    const reply = readGraphReply(answer.value, options.now.getTime());
    if (reply.ok || reply.failure.code !== 'rate_limited') {
      client.pause(pauseAfter(usage));
      return reply;
    }
    const retryAfterMs = reply.failure.retryAfterMs ?? pauseAfter({ percent: 100, regainMs: usage.regainMs });
    client.pause(retryAfterMs);
    return { ...reply, failure: { ...reply.failure, retryAfterMs } };
  };
}

/** One request; more when the API refuses fields, which are then left out for a while. */
export function createDiscover(ask: Ask, wanted: Wanted): Discover {
  const accepted = createAcceptedFields(wanted);
  return async (expansion, options) => {
    const nowMs = options.now.getTime();
    let asked = accepted.at(nowMs);
    for (let isFirst = true; ; isFirst = false) {
      const reply = await ask(expansion(asked), options);
      if (reply.ok && !isFirst) accepted.keep(asked, nowMs);
      const fewer = reply.ok || reply.fieldRefusal === null ? null : withoutRefused(asked, wanted, reply.fieldRefusal);
      if (fewer === null) return toResult(reply);
      asked = fewer;
    }
  };
}
