import type { Manifest } from '../manifest.ts';

export const scrapecreatorsManifest: Manifest = {
  name: 'scrapecreators',
  defaultUrl: 'https://api.scrapecreators.com',
  platforms: ['instagram', 'tiktok'],
  idSpace: 'platform',
  limits: {
    // The vendor scrapes while we wait and asks for a minute of patience.
    requestTimeoutMs: 60_000,
    connectTimeoutMs: 10_000,
    concurrency: 8,
    queue: 1000,
    maxResponseBytes: 32 * 1024 * 1024,
    retry: { attempts: 1, initialDelayMs: 500, maxDelayMs: 3000, budgetPercent: 10 },
    breaker: { failures: 10, halfOpenAfterMs: 30_000 },
    patienceMs: 5000,
    rateLimitScope: 'key',
  },
  price: { creditsPerRequest: 1, note: 'a refresh is one profile and one request per page of posts' },
  gives: {
    instagram: {
      followers: 'exact',
      following: 'exact',
      posts: 'exact',
      verified: 'exact',
      views: 'exact',
      plays: 'exact',
      likes: 'sometimes',
      comments: 'exact',
      shares: 'sometimes',
      saves: 'never',
      duration: 'exact',
    },
    tiktok: {
      followers: 'rounded',
      following: 'rounded',
      posts: 'rounded',
      verified: 'exact',
      views: 'exact',
      plays: 'exact',
      likes: 'exact',
      comments: 'exact',
      shares: 'exact',
      saves: 'exact',
      duration: 'exact',
    },
  },
};
