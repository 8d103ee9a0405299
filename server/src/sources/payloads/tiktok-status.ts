import type { FailureCode } from '../outcome.ts';

const byStatus: Record<number, FailureCode> = {
  10000: 'challenge',
  10202: 'not_found',
  10204: 'restricted',
  10216: 'private',
  10221: 'not_found',
  10222: 'private',
  10223: 'not_found',
  10231: 'restricted',
};

/** What TikTok's own status code says, other than 0. */
export const tiktokStatus = (code: number): FailureCode => byStatus[code] ?? 'transient';
