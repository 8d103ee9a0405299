import type { Manifest } from '../manifest.ts';

export const scrapecreatorsManifest: Manifest = {
  name: 'scrapecreators',
  guide: 'scrapecreators',
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
  price: {
    unit: 'request',
    perProfile: 1,
    perPage: 1,
    usdPerUnit: null,
    note: 'One credit a request.',
  },
  quota: null,
  feeds: {
    instagram: { perPage: 12, atMost: null, viewKind: 'displayed' },
    tiktok: { perPage: 20, atMost: null, viewKind: null },
  },
  terms: "You buy the mechanics, not a permission: the platforms' terms and data protection law still apply to you.",
  cannotSee:
    'Private accounts; stories; posts that are age-gated or locked to a region; who the viewers are. Links to images expire within days.',
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
