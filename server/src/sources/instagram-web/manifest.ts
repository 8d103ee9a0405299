import type { Manifest } from '../manifest.ts';

export const instagramWebManifest: Manifest = {
  name: 'instagram_web',
  guide: 'instagram-web',
  defaultUrl: 'https://www.instagram.com',
  platforms: ['instagram'],
  idSpace: 'platform',
  limits: {
    requestTimeoutMs: 20_000,
    connectTimeoutMs: 10_000,
    concurrency: 1,
    queue: 1000,
    maxResponseBytes: 8 * 1024 * 1024,
    retry: { attempts: 1, initialDelayMs: 5000, maxDelayMs: 10_000, budgetPercent: 2 },
    breaker: { failures: 3, halfOpenAfterMs: 15 * 60_000 },
    patienceMs: 0,
    rateLimitScope: 'key',
    pace: { intervalMs: 6000, jitterMs: 3000 },
  },
  price: {
    unit: 'free',
    perProfile: 1,
    perPage: 0,
    usdPerUnit: 0,
    note: 'No money, and hardly any requests: one in several seconds.',
  },
  quota: null,
  feeds: { instagram: { perPage: 12, atMost: 12, viewKind: 'legacy', requestsPerPage: 0 } },
  gives: {
    instagram: {
      followers: 'exact',
      following: 'exact',
      posts: 'exact',
      verified: 'exact',
      views: 'sometimes',
      plays: 'never',
      likes: 'sometimes',
      comments: 'exact',
      shares: 'never',
      saves: 'never',
      duration: 'sometimes',
    },
  },
  terms:
    "Risk: reading these pages by a program breaks Instagram's terms of use, and Instagram may block your address or take action against you.",
  cannotSee:
    'Private and gated accounts; posts beyond the twelve newest, and single posts; the displayed number of views; shares and saves; anything at all from most addresses of data centres.',
};
