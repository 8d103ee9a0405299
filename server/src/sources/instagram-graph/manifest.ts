import type { Manifest } from '../manifest.ts';

export const instagramGraphManifest: Manifest = {
  name: 'instagram_graph',
  guide: 'instagram-graph',
  defaultUrl: 'https://graph.facebook.com',
  platforms: ['instagram'],
  idSpace: 'platform',
  limits: {
    requestTimeoutMs: 30_000,
    connectTimeoutMs: 10_000,
    concurrency: 4,
    queue: 1000,
    maxResponseBytes: 8 * 1024 * 1024,
    retry: { attempts: 1, initialDelayMs: 500, maxDelayMs: 3000, budgetPercent: 10 },
    breaker: { failures: 10, halfOpenAfterMs: 30_000 },
    patienceMs: 10_000,
    rateLimitScope: 'key',
  },
  price: { unit: 'free', perProfile: 1, perPage: 1, usdPerUnit: 0, note: 'No money.' },
  quota: { requests: 200, per: 'hour' },
  feeds: { instagram: { perPage: 50, atMost: null, viewKind: 'displayed' } },
  terms: "Meta's Platform Terms apply: no selling of the data, deletion on request, no profiling without consent.",
  cannotSee:
    'Personal accounts, age-gated accounts and missing ones: the API gives one answer for all three (`not_found`). Stories, shares, saves, plays, durations.',
  gives: {
    instagram: {
      followers: 'exact',
      following: 'sometimes',
      posts: 'exact',
      verified: 'never',
      views: 'sometimes',
      plays: 'never',
      likes: 'sometimes',
      comments: 'exact',
      shares: 'never',
      saves: 'never',
      duration: 'never',
    },
  },
};
