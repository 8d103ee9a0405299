import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../contract/problem.ts';
import type { AddressLimit } from './address-limit.ts';

/** Counts a request without a valid key against its client's address, shows the bucket, and refuses it when it is empty. */
export async function takeFromAddress(
  limit: AddressLimit,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const allowance = await limit(request.ip);
  reply.header('x-ratelimit-limit', allowance.limit);
  reply.header('x-ratelimit-remaining', allowance.remaining);
  reply.header('x-ratelimit-reset', allowance.resetAtSeconds);
  if (!allowance.isExceeded) return;
  throw new Problem('RATE_LIMITED', 'Too many requests without a valid API key from this address.', {
    retryAfterSeconds: allowance.retryAfterSeconds,
  });
}
