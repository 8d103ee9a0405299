import type { Manifest } from '../manifest.ts';

export const tiktokDisplayManifest: Manifest = {
  name: 'tiktok_display',
  guide: 'tiktok-display',
  defaultUrl: 'https://open.tiktokapis.com',
  platforms: ['tiktok'],
  idSpace: 'platform',
  limits: {
    requestTimeoutMs: 30_000,
    connectTimeoutMs: 10_000,
    concurrency: 4,
    queue: 1000,
    maxResponseBytes: 8 * 1024 * 1024,
    retry: { attempts: 1, initialDelayMs: 500, maxDelayMs: 3000, budgetPercent: 10 },
    breaker: { failures: 10, halfOpenAfterMs: 30_000 },
    patienceMs: 5000,
    rateLimitScope: 'key',
  },
  price: {
    unit: 'free',
    perProfile: 1,
    perPage: 1,
    perPost: 1,
    usdPerUnit: 0,
    note: 'No money: 600 requests a minute on each endpoint.',
  },
  quota: { requests: 600, per: 'minute' },
  feeds: { tiktok: { perPage: 20, atMost: null, viewKind: null } },
  gives: {
    tiktok: {
      followers: 'exact',
      following: 'exact',
      posts: 'exact',
      verified: 'exact',
      views: 'exact',
      plays: 'exact',
      likes: 'exact',
      comments: 'exact',
      shares: 'exact',
      saves: 'never',
      duration: 'exact',
    },
  },
  terms:
    "Allowed for creators who connect their account themselves, for as long as they let you; TikTok's developer terms apply.",
  cannotSee:
    'Everybody who has not connected their account; saves; captions beyond 150 characters; which videos are pinned.',
};
