import type { FastifyReply } from 'fastify';
import type { Definition, Outcome } from './definition.ts';

export type Serialize = (body: unknown) => string;

/** The answer of a write as it is sent and, under an idempotency key, stored. */
export interface Written {
  status: number;
  location: string | null;
  body: string | null;
  isReplay?: boolean;
}

export function asWritten(outcome: Outcome, definition: Definition, serialize: Serialize): Written {
  return {
    status: outcome.status ?? definition.success,
    location: outcome.location ?? null,
    body: outcome.body === undefined ? null : serialize(outcome.body),
  };
}

export function sendWritten(reply: FastifyReply, written: Written): FastifyReply {
  reply.code(written.status);
  if (written.isReplay) reply.header('idempotent-replayed', 'true');
  if (written.location !== null) reply.header('location', written.location);
  if (written.body === null) return reply.send();
  return reply
    .header('content-type', written.status >= 400 ? 'application/problem+json' : 'application/json')
    .send(Buffer.from(written.body));
}
