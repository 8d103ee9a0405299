import { afterAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../test/support/logger.ts';
import { loadConfig } from '../config.ts';
import { sourceNames, sourceVariables } from '../config/source-variables.ts';
import { createSources } from '../sources/create.ts';
import type { Source } from '../sources/source.ts';
import { plannedSources } from './planned-sources.ts';

const settings = sourceNames.map((name) => {
  const required = sourceVariables[name].filter(({ isRequired }) => isRequired);
  return { name, values: Object.fromEntries(required.map(({ suffix }) => [suffix.toLowerCase(), '12345678'])) };
});
const sources: Source[] = await createSources(settings, { logger: silentLogger });
afterAll(() => Promise.all(sources.map((source) => source.close())));

const priceOf = (name: string, platform: string, values: Record<string, string> = {}) =>
  plannedSources([{ name, values }])[0]?.platforms.get(platform);

describe.each(sources.map((source) => [source.name, source] as const))('the plan of %s', (name, source) => {
  const [planned] = plannedSources([{ name, values: {} }]);

  it('prices each platform that the source reads', () => {
    expect([...(planned?.platforms.keys() ?? [])]).toEqual([...source.platforms]);
  });

  it('has a price for single posts if the source can ask for one', () => {
    for (const price of planned?.platforms.values() ?? []) {
      expect(price.unitsPerPost !== null).toBe(source.fetchPost !== undefined);
    }
  });
});

describe('settings', () => {
  it('are what a plan goes by', () => {
    const { sources: configured } = loadConfig({
      TALLYLINE_SOURCES: 'apify',
      TALLYLINE_APIFY_TOKEN: 'a-token-of-mine',
      TALLYLINE_APIFY_POSTS: '10',
      TALLYLINE_APIFY_MAX_POSTS: '40',
      TALLYLINE_APIFY_REELS: 'on',
      TALLYLINE_APIFY_USD_PER_1000: '3',
      TALLYLINE_APIFY_MONTHLY_USD: '20',
    });
    const [apify] = plannedSources(configured);
    expect(apify?.limits).toEqual([{ of: 'usd', amount: 20, per: 'month' }]);
    expect(apify?.platforms.get('instagram')).toMatchObject({
      feed: { perPage: 10, atMost: 40, growth: 4 },
      requestsPerPage: 2,
      unitsPerResult: 2,
      usdPerUnit: 0.003,
    });
    expect(apify?.platforms.get('tiktok')).toMatchObject({
      requestsPerProfile: 0,
      requestsPerPage: 1,
      unitsPerResult: 1,
    });
  });

  it('bound a source: its quota, its pace, its cap', () => {
    const limits = (name: string, values: Record<string, string> = {}) => plannedSources([{ name, values }])[0]?.limits;
    expect(limits('instagram_graph')).toEqual([{ of: 'requests', amount: 200, per: 'hour' }]);
    expect(limits('tiktok_research', { daily_requests: '300' })).toEqual([{ of: 'requests', amount: 300, per: 'day' }]);
    expect(limits('ensembledata')).toEqual([]);
    expect(limits('ensembledata', { daily_units: '50' })).toEqual([{ of: 'units', amount: 50, per: 'day' }]);
    expect(limits('apify')).toEqual([{ of: 'usd', amount: 5, per: 'month' }]);
    expect(limits('tiktok_web', { interval_ms: '8000' })).toEqual([{ of: 'requests', amount: 360, per: 'hour' }]);
  });

  it('say how large a page of the sandbox is', () => {
    expect(priceOf('sandbox', 'tiktok')?.feed.perPage).toBe(50);
    expect(priceOf('sandbox', 'instagram', { page_size: '7' })?.feed.perPage).toBe(7);
  });

  it('leave a price unknown that depends on the plan, unless it is said', () => {
    expect(priceOf('scrapecreators', 'tiktok')?.usdPerUnit).toBeNull();
    const [said] = plannedSources([{ name: 'scrapecreators', values: {} }], new Map([['scrapecreators', 0.002]]));
    expect(said?.platforms.get('tiktok')?.usdPerUnit).toBe(0.002);
  });
});
