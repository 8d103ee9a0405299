import { describe, expect, it, vi } from 'vitest';
import { createSharedWork } from './shared-work.ts';

describe('work that questions share', () => {
  it('is done once in a state, also for those that ask while it is under way', async () => {
    const within = createSharedWork();
    const work = vi.fn(async () => ({ days: [] }));
    const [first, second] = await Promise.all([
      within('org', '1 day')('days', work),
      within('org', '1 day')('days', work),
    ]);
    expect(first).toBe(second);
    expect(await within('org', '1 day')('days', work)).toBe(first);
    expect(work).toHaveBeenCalledOnce();
  });

  it('is done anew in another state or organization, and under another name', async () => {
    const within = createSharedWork();
    let made = 0;
    const work = async () => (made += 1);
    expect(await within('org', '1 day')('days', work)).toBe(1);
    expect(await within('org', '2 day')('days', work)).toBe(2);
    expect(await within('other', '1 day')('days', work)).toBe(3);
    expect(await within('org', '2 day')('gains', work)).toBe(4);
    expect(await within('org', '2 day')('days', work)).toBe(2);
    // Of a state that is over nothing is kept.
    expect(await within('org', '1 day')('days', work)).toBe(5);
  });

  it('is done again after it has failed', async () => {
    const within = createSharedWork();
    const fail = () => Promise.reject(new Error('the database is away'));
    await expect(within('org', '1 day')('days', fail)).rejects.toThrow('away');
    expect(await within('org', '1 day')('days', async () => 7)).toBe(7);
  });
});
