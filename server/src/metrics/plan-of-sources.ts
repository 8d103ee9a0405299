import {
  type Load,
  loadOfPosts,
  loadOfProfiles,
  partOfLimit,
  type PlannedLimit,
  type PlannedPost,
  type PlannedPrice,
  type PlannedProfile,
  sumOfLoads,
} from './collection-plan.ts';

export interface PlannedSource {
  name: string;
  /** What its units are. `free`: requests that cost nothing. */
  unit: 'free' | 'request' | 'result' | 'unit';
  note: string;
  platforms: ReadonlyMap<string, PlannedPrice>;
  limits: readonly PlannedLimit[];
}

export interface PlannedSet {
  profiles: readonly (PlannedProfile & { platform: string })[];
  posts: readonly (PlannedPost & { platform: string })[];
}

/** What is read of a platform. `posts`: those that are tracked on their own. */
export type Read = 'profiles' | 'posts';

export interface PlanRow {
  source: string;
  unit: PlannedSource['unit'];
  platform: string;
  read: Read;
  /** False: it is asked when those before it have no answer, and this is what it would cost if they never had one. */
  isFirst: boolean;
  count: number;
  load: Load;
}

export interface LimitUse {
  source: string;
  limit: PlannedLimit;
  /** Of the limit, by what the source is the first to be asked for; above 1 it is exceeded. null: unknown. */
  part: number | null;
}

export interface Plan {
  rows: PlanRow[];
  limits: LimitUse[];
  /** Of the rows that are first. `usd` null: one of them is of unknown cost; `knownUsd` is what the others cost. */
  total: { requests: number; usd: number | null; knownUsd: number };
  /** What no configured source can read. */
  unread: { platform: string; read: Read; count: number }[];
}

/** What a month of collecting the set costs, when the first source of each platform answers everything. */
export function planOf(sources: readonly PlannedSource[], set: PlannedSet, maxPages: number): Plan {
  const rows: PlanRow[] = [];
  const unread: Plan['unread'] = [];
  const platforms = [...new Set([...set.profiles, ...set.posts].map(({ platform }) => platform))].sort();
  for (const platform of platforms) {
    for (const read of ['profiles', 'posts'] as const) {
      const found = rowsOf(sources, set, { platform, read, maxPages });
      const count = set[read].filter((one) => one.platform === platform).length;
      if (count > 0 && found.length === 0) unread.push({ platform, read, count });
      rows.push(...found);
    }
  }
  const first = rows.filter(({ isFirst }) => isFirst);
  const { requests, usd } = sumOfLoads(first.map(({ load }) => load));
  const knownUsd = first.reduce((sum, { load }) => sum + (load.usd ?? 0), 0);
  return {
    rows,
    limits: sources.flatMap((source) => limitsOf(source, first)),
    total: { requests, usd, knownUsd },
    unread,
  };
}

function rowsOf(
  sources: readonly PlannedSource[],
  set: PlannedSet,
  { platform, read, maxPages }: { platform: string; read: Read; maxPages: number },
): PlanRow[] {
  const profiles = set.profiles.filter((profile) => profile.platform === platform);
  const posts = set.posts.filter((post) => post.platform === platform);
  const count = read === 'profiles' ? profiles.length : posts.length;
  if (count === 0) return [];
  const able = sources.flatMap(({ name, unit, platforms }) => {
    const price = platforms.get(platform);
    if (price === undefined) return [];
    const load = read === 'profiles' ? loadOfProfiles(price, profiles, maxPages) : loadOfPosts(price, posts);
    return load === null ? [] : [{ source: name, unit, platform, read, count, load }];
  });
  return able.map((row, place) => ({ ...row, isFirst: place === 0 }));
}

function limitsOf({ name, limits }: PlannedSource, first: readonly PlanRow[]): LimitUse[] {
  const load = sumOfLoads(first.filter(({ source }) => source === name).map((row) => row.load));
  return limits.map((limit) => ({ source: name, limit, part: partOfLimit(limit, load) }));
}
