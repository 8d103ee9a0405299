import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../clock.ts';

/** A client's standing in its window, as the X-RateLimit headers tell it. */
export interface Allowance {
  limit: number;
  remaining: number;
  resetAtSeconds: number;
  retryAfterSeconds: number;
  isExceeded: boolean;
}

export type AddressLimit = (address: string) => Promise<Allowance>;

const windowSeconds = 60;

/** Counts requests without a valid key, per client address, in this process. */
export function createAddressLimit(limit: number, clock: Clock): AddressLimit {
  const limiter = new RateLimiterMemory({ points: limit, duration: windowSeconds });
  return async (address) => {
    const result = await limiter.consume(bucketOf(address)).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
    const retryAfterSeconds = Math.max(1, Math.ceil(result.msBeforeNext / 1000));
    return {
      limit,
      remaining: Math.max(0, result.remainingPoints),
      resetAtSeconds: Math.ceil((clock.now().getTime() + result.msBeforeNext) / 1000),
      retryAfterSeconds,
      isExceeded: result.consumedPoints > limit,
    };
  };
}

/** One IPv6 client owns a whole /64. An IPv4 address in IPv6 clothes is the IPv4 address. */
export function bucketOf(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice('::ffff:'.length);
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const full = [...groups, ...Array<string>(missing).fill('0'), ...(tail ? tail.split(':') : [])];
  return `${full
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
