import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createSources } from './create.ts';

const deps = { logger: pino({ level: 'silent' }) };
const now = new Date('2026-11-01T00:00:00Z');
const ref = { platform: 'instagram', username: 'somebody', platformProfileId: null } as const;

describe('createSources', () => {
  it('makes the sources in the order given, and closing twice does no harm', async () => {
    const sources = await createSources(
      [
        { name: 'instagram_graph', values: { token: 'a-token', user_id: '178' } },
        { name: 'scrapecreators', values: { key: 'a-key' } },
        { name: 'apify', values: { token: 'a-token', monthly_usd: '0.5', reels: 'on' } },
        { name: 'sandbox', values: {} },
      ],
      deps,
    );
    expect(sources.map(({ name, isSandbox }) => [name, isSandbox])).toEqual([
      ['instagram_graph', false],
      ['scrapecreators', false],
      ['apify', false],
      ['sandbox', true],
    ]);
    for (const source of [...sources, ...sources]) await source.close();
  });

  it('gives two processes with the same seed the same world, and another seed another one', async () => {
    const followers = async (values: Record<string, string>) => {
      const [source] = await createSources([{ name: 'sandbox', values }], deps);
      const result = await source?.fetchProfile(ref, { now });
      await source?.close();
      return result?.ok ? result.value.followerCount : null;
    };
    const first = await followers({});
    expect(first).toBeGreaterThan(0);
    expect(await followers({ seed: 'tallyline', page_size: '12' })).toBe(first);
    expect(await followers({ seed: 'another' })).not.toBe(first);
  });

  it.each([
    [{ name: 'nobody', values: {} }, 'there is no source nobody'],
    [{ name: 'scrapecreators', values: {} }, 'TALLYLINE_SCRAPECREATORS_KEY is required'],
    [{ name: 'instagram_graph', values: { token: 'x' } }, 'TALLYLINE_INSTAGRAM_GRAPH_USER_ID is required'],
    [
      { name: 'apify', values: { token: 'x', monthly_usd: '0' } },
      'TALLYLINE_APIFY_MONTHLY_USD is not a positive number',
    ],
    [{ name: 'apify', values: { token: 'x', posts: '1.5' } }, 'TALLYLINE_APIFY_POSTS is not a whole number'],
    [{ name: 'sandbox', values: { page_size: '0' } }, 'TALLYLINE_SANDBOX_PAGE_SIZE is not a positive number'],
    [{ name: 'sandbox', values: { faults: '[{}]' } }, 'TALLYLINE_SANDBOX_FAULTS: rule 1: kind is missing'],
    [{ name: 'sandbox', values: { faults: '{' } }, 'TALLYLINE_SANDBOX_FAULTS: use a JSON list of fault rules'],
  ])('refuses %j and leaves nothing open', async (settings, message) => {
    await expect(createSources([{ name: 'sandbox', values: {} }, settings], deps)).rejects.toThrow(message);
  });
});
