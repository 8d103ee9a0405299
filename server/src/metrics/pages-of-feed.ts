/** How a source shows the posts of a profile. */
export interface PlannedFeed {
  /** Posts that one request brings; the first one, where `growth` is set. */
  perPage: number;
  /** The newest so many can be seen; null: all. */
  atMost: number | null;
  /** Each further request brings the newer posts again and reaches so many times as deep. null: it goes on where the last one ended. */
  growth: number | null;
  /** One request sees posts of so many days alone. null: of any age. */
  windowDays: number | null;
}

/** What a refresh has to read, the newest first. */
export interface PlannedReach {
  /** Posts of the profile. null: unknown. */
  posts: number | null;
  /** Those of them that are young enough; null: age does not matter. */
  recentPosts: number | null;
  /** Posts after which a refresh ends; null: none. */
  maxPosts: number | null;
  /** Age of the oldest post to be read, in days; null: unknown. */
  oldestDays: number | null;
}

export interface Pages {
  requests: number;
  /** Posts that come with them, those that come twice counted twice. */
  results: number;
}

/**
 * What it takes to read a profile's posts once: at least one request, at most `maxPages`. A refresh ends with the page that
 * completes `maxPosts`, with the first one on which every post is too old, or with the last one. Pinned posts and posts without
 * a time are counted as others are.
 */
export function pagesOf(feed: PlannedFeed, reach: PlannedReach, maxPages: number): Pages {
  const { requests, results } =
    feed.growth === null ? page(feed, reach, maxPages) : grow(feed, feed.growth, reach, maxPages);
  return { requests: Math.min(requests + emptyWindows(feed, reach), maxPages), results };
}

/** Of a profile that was never read one page is expected. */
const expected = ({ perPage }: PlannedFeed, { posts, maxPosts }: PlannedReach): number =>
  posts ?? Math.min(perPage, maxPosts ?? perPage);

function page(feed: PlannedFeed, reach: PlannedReach, maxPages: number): Pages {
  const posts = Math.min(expected(feed, reach), feed.atMost ?? Infinity);
  let [requests, seen] = [0, 0];
  for (;;) {
    const before = seen;
    seen = Math.min(posts, seen + feed.perPage);
    requests += 1;
    const isOld = reach.recentPosts !== null && before >= reach.recentPosts;
    if (seen >= posts || isOld || isFull(reach, seen) || requests >= maxPages) return { requests, results: seen };
  }
}

/** The end is known by a request that brings less than it asked for; each one begins with the last post of the one before. */
function grow(feed: PlannedFeed, growth: number, reach: PlannedReach, maxPages: number): Pages {
  const posts = expected(feed, reach);
  const isUnknown = reach.posts === null;
  let [requests, results, seen] = [0, 0, 0];
  for (let limit = feed.perPage; ; limit = Math.min(limit * growth, feed.atMost ?? Infinity)) {
    const before = seen;
    seen = Math.min(posts, limit);
    requests += 1;
    results += seen;
    const isOld = reach.recentPosts !== null && before > reach.recentPosts;
    const isEnd = posts < limit || isUnknown || limit >= (feed.atMost ?? Infinity);
    if (isEnd || isOld || isFull(reach, seen) || requests >= maxPages) return { requests, results };
  }
}

const isFull = ({ maxPosts }: PlannedReach, seen: number): boolean => maxPosts !== null && seen >= maxPosts;

/** Every window but the first takes a request of its own, also where nothing was published. */
const emptyWindows = ({ windowDays }: PlannedFeed, { oldestDays }: PlannedReach): number =>
  windowDays === null || oldestDays === null ? 0 : Math.floor(Math.max(0, oldestDays) / windowDays);
