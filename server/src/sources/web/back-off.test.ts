import { describe, expect, it } from 'vitest';
import type { HttpClient } from '../http-client.ts';
import { failed, ok } from '../outcome.ts';
import { createBackOff } from './back-off.ts';

const minute = 60_000;

function backOff() {
  const pauses: number[] = [];
  const client = { pause: (ms: number) => void pauses.push(ms / minute) } as Pick<HttpClient, 'pause'> as HttpClient;
  return { pauses, heed: createBackOff(client) };
}

describe('walls of a platform', () => {
  it('are waited out for twice as long each time, up to twelve hours, and from the beginning after an answer', () => {
    const { pauses, heed } = backOff();
    for (let i = 0; i < 12; i += 1) heed(failed('challenge', ''));
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 720, 720]);
    heed(ok(null));
    heed(failed('blocked', ''));
    expect(pauses.at(-1)).toBe(1);
  });

  it('are waited out for as long as they say, if that is longer', () => {
    const { pauses, heed } = backOff();
    heed(failed('rate_limited', '', { retryAfterMs: 5 * minute }));
    expect(pauses).toEqual([5]);
  });

  it('are none of what is said about one account', () => {
    const { pauses, heed } = backOff();
    for (const code of ['not_found', 'private', 'restricted', 'removed_post', 'transient', 'upstream_changed'] as const)
      heed(failed(code, ''));
    expect(pauses).toEqual([]);
  });
});
