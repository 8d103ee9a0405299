import { type PlannedFeed, type PlannedReach, pagesOf } from './pages-of-feed.ts';

export const planDays = 30;
/** The interval is a promise: a refresh comes up to 5 % earlier, evenly spread. */
const meanPart = 0.975;
/** Who is out of reach is looked at by a single request, this often at least. */
const sightingHours = 12;

/** What one source charges on one platform. */
export interface PlannedPrice {
  feed: PlannedFeed;
  requestsPerProfile: number;
  requestsPerPage: number;
  unitsPerProfile: number;
  /** Of a profile that is out of reach: one request. */
  unitsPerSighting: number;
  unitsPerPage: number;
  /** Beside those of its page. */
  unitsPerResult: number;
  /** Of a post that is asked for by itself; null: the source can't. */
  unitsPerPost: number | null;
  /** US dollars; null: unknown. */
  usdPerUnit: number | null;
}

export interface PlannedProfile extends PlannedReach {
  intervalHours: number;
  isUnavailable: boolean;
}

export interface PlannedPost {
  intervalHours: number;
  isUnavailable: boolean;
}

/** Of a month of `planDays` days. Whole requests and units, rounded up. */
export interface Load {
  refreshes: number;
  requests: number;
  units: number;
  /** US dollars; null: the price of a unit is unknown. */
  usd: number | null;
}

export const looksPerMonth = ({ intervalHours, isUnavailable }: PlannedPost): number =>
  (planDays * 24) / ((isUnavailable ? Math.min(intervalHours, sightingHours) : intervalHours) * meanPart);

/** All refreshes of these profiles by one source, none of which fails. */
export function loadOfProfiles(price: PlannedPrice, profiles: readonly PlannedProfile[], maxPages: number): Load {
  const sums = { refreshes: 0, requests: 0, units: 0 };
  for (const profile of profiles) {
    const looks = looksPerMonth(profile);
    const { requests, units } = profile.isUnavailable
      ? { requests: 1, units: price.unitsPerSighting }
      : oneRefresh(price, profile, maxPages);
    sums.refreshes += looks;
    sums.requests += looks * requests;
    sums.units += looks * units;
  }
  return wholeLoad(sums, price);
}

function oneRefresh(
  price: PlannedPrice,
  profile: PlannedProfile,
  maxPages: number,
): { requests: number; units: number } {
  const { requests, results } = pagesOf(price.feed, profile, maxPages);
  return {
    requests: price.requestsPerProfile + requests * price.requestsPerPage,
    units: price.unitsPerProfile + requests * price.unitsPerPage + results * price.unitsPerResult,
  };
}

/** All refreshes of these posts by themselves; null where the source can't ask for one. */
export function loadOfPosts(price: PlannedPrice, posts: readonly PlannedPost[]): Load | null {
  if (price.unitsPerPost === null) return null;
  const looks = posts.reduce((sum, post) => sum + looksPerMonth(post), 0);
  return wholeLoad({ refreshes: looks, requests: looks, units: looks * price.unitsPerPost }, price);
}

function wholeLoad(sums: Omit<Load, 'usd'>, { usdPerUnit }: PlannedPrice): Load {
  const units = Math.ceil(sums.units);
  return {
    refreshes: Math.ceil(sums.refreshes),
    requests: Math.ceil(sums.requests),
    units,
    usd: usdPerUnit === null && units > 0 ? null : units * (usdPerUnit ?? 0),
  };
}

/** An amount that a source gives in a span of time. */
export interface PlannedLimit {
  of: 'requests' | 'units' | 'usd';
  amount: number;
  per: 'minute' | 'hour' | 'day' | 'month';
}

const spansPerMonth = { minute: planDays * 1440, hour: planDays * 24, day: planDays, month: 1 };

/** Which part of a limit a load uses up when it is spread evenly over the month: above 1 it is exceeded. null: unknown. */
export function partOfLimit(
  { of, amount, per }: PlannedLimit,
  load: Pick<Load, 'requests' | 'units' | 'usd'>,
): number | null {
  const used = load[of];
  return used === null ? null : used / (amount * spansPerMonth[per]);
}

/** The sum of loads; of unknown cost if that of one of them is. */
export const sumOfLoads = (loads: readonly Load[]): Load =>
  loads.reduce(
    (sum, load) => ({
      refreshes: sum.refreshes + load.refreshes,
      requests: sum.requests + load.requests,
      units: sum.units + load.units,
      usd: sum.usd === null || load.usd === null ? null : sum.usd + load.usd,
    }),
    { refreshes: 0, requests: 0, units: 0, usd: 0 },
  );
