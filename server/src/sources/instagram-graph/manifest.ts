import type { Manifest } from '../manifest.ts';

export const instagramGraphManifest: Manifest = {
  name: 'instagram_graph',
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
  price: { creditsPerRequest: 0, note: 'free; 200 calls per rolling hour and user of the app, all accounts together' },
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
