import type { Manifest } from '../manifest.ts';

export const tiktokWebManifest: Manifest = {
  name: 'tiktok_web',
  guide: 'tiktok-web',
  defaultUrl: 'https://www.tiktok.com',
  platforms: ['tiktok'],
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
    perPage: 1,
    perPost: 1,
    usdPerUnit: 0,
    note: 'No money, and hardly any requests: one in several seconds.',
  },
  quota: null,
  feeds: { tiktok: { perPage: 15, atMost: null, viewKind: null } },
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
      saves: 'exact',
      duration: 'exact',
    },
  },
  terms:
    "Risk: reading these pages by a program breaks TikTok's terms of service, and TikTok may block your address or take action against you.",
  cannotSee:
    'Private accounts and posts; what is age-gated, locked to a region or behind a login; anything at all while TikTok shows a captcha or a proof-of-work page.',
};
