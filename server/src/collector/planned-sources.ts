import type { SourceSettings } from '../config.ts';
import type { PlannedLimit, PlannedPrice } from '../metrics/collection-plan.ts';
import type { PlannedSource } from '../metrics/plan-of-sources.ts';
import type { Feed, Manifest, Price } from '../sources/manifest.ts';
import { manifests } from '../sources/manifests.ts';
import { sandboxManifest } from '../sources/sandbox/manifest.ts';
import { amount, positive } from '../sources/setting-values.ts';
import type { Platform } from '../sources/source.ts';

const hourMs = 3_600_000;

/** The configured sources in their order, as their manifests and settings price them. `prices`: US dollars a unit, by source. */
export function plannedSources(
  settings: readonly SourceSettings[],
  prices: ReadonlyMap<string, number> = new Map(),
): PlannedSource[] {
  return settings.map((source) => {
    const manifest = [sandboxManifest, ...manifests].find(({ name }) => name === source.name);
    if (manifest === undefined) throw new Error(`there is no source ${source.name}`);
    const usdPerUnit = prices.get(source.name) ?? usdOf(manifest, source);
    const platforms = manifest.platforms.flatMap((platform) => {
      const feed = manifest.feeds[platform];
      return feed === undefined
        ? []
        : [[platform, priceOf(manifest.price, feed, usdPerUnit, platform, source)] as const];
    });
    const { name, price } = manifest;
    return {
      name,
      unit: price.unit,
      note: price.note,
      platforms: new Map(platforms),
      limits: limitsOf(manifest, source),
    };
  });
}

function usdOf({ price }: Manifest, { name, values }: SourceSettings): number | null {
  const usdPer1000 = amount(name, 'usd_per_1000', values);
  return usdPer1000 === null ? price.usdPerUnit : usdPer1000 / 1000;
}

function priceOf(
  price: Price,
  feed: Feed,
  usdPerUnit: number | null,
  platform: Platform,
  { name, values }: SourceSettings,
): PlannedPrice {
  const requestsPerPage = feed.requestsPerPage ?? 1;
  const requestsPerProfile = feed.bringsProfile === true ? 0 : 1;
  const countsRequests = price.unit === 'free' || price.unit === 'request';
  // Instagram's reels are a second run of the same depth.
  const tabs = platform === 'instagram' && values.reels === 'on' ? 2 : 1;
  return {
    feed: {
      perPage: positive(name, 'posts', values) ?? positive(name, 'page_size', values) ?? feed.perPage,
      atMost: positive(name, 'max_posts', values) ?? feed.atMost,
      growth: feed.growth ?? null,
      windowDays: feed.windowDays ?? null,
    },
    requestsPerProfile,
    requestsPerPage: requestsPerPage * tabs,
    unitsPerProfile: requestsPerProfile * (countsRequests ? 1 : price.perProfile),
    unitsPerSighting: countsRequests ? 1 : price.perProfile,
    unitsPerPage: price.unit === 'result' ? 0 : countsRequests ? requestsPerPage : price.perPage,
    unitsPerResult: price.unit === 'result' ? tabs : 0,
    unitsPerPost: price.perPost === undefined ? null : countsRequests ? 1 : price.perPost,
    usdPerUnit,
  };
}

/** What the source answers, and what the operator lets it spend. */
function limitsOf(manifest: Manifest, { name, values }: SourceSettings): PlannedLimit[] {
  const { quota, limits } = manifest;
  const dailyUnits = positive(name, 'daily_units', values);
  const dailyRequests = positive(name, 'daily_requests', values);
  const monthlyUsd = amount(name, 'monthly_usd', values) ?? manifest.monthlyUsd ?? null;
  const intervalMs =
    limits.pace === undefined ? null : (positive(name, 'interval_ms', values) ?? limits.pace.intervalMs);
  return [
    ...(quota === null ? [] : [{ of: 'requests' as const, amount: dailyRequests ?? quota.requests, per: quota.per }]),
    // Half of the interval is added by chance, a quarter of it on average.
    ...(intervalMs === null
      ? []
      : [{ of: 'requests' as const, amount: hourMs / (intervalMs * 1.25), per: 'hour' as const }]),
    ...(dailyUnits === null ? [] : [{ of: 'units' as const, amount: dailyUnits, per: 'day' as const }]),
    ...(monthlyUsd === null ? [] : [{ of: 'usd' as const, amount: monthlyUsd, per: 'month' as const }]),
  ];
}
