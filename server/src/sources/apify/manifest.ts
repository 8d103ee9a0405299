import type { Manifest } from '../manifest.ts';
import { growth } from './depth.ts';

export const apifyManifest: Manifest = {
  name: 'apify',
  guide: 'apify',
  defaultUrl: 'https://api.apify.com/v2',
  platforms: ['instagram', 'tiktok'],
  idSpace: 'platform',
  limits: {
    // The platform holds a question for half a minute while a run goes on.
    requestTimeoutMs: 60_000,
    connectTimeoutMs: 10_000,
    concurrency: 4,
    queue: 1000,
    maxResponseBytes: 64 * 1024 * 1024,
    retry: { attempts: 2, initialDelayMs: 500, maxDelayMs: 5000, budgetPercent: 20 },
    breaker: { failures: 10, halfOpenAfterMs: 30_000 },
    patienceMs: 5000,
    rateLimitScope: 'key',
  },
  price: {
    unit: 'result',
    perProfile: 1,
    perPage: 30,
    perPost: 1,
    usdPerUnit: 0.0023,
    note: 'Money for each result: about 2.30 US dollars for 1,000 profiles or posts; the plan and the actor decide.',
  },
  monthlyUsd: 5,
  quota: null,
  feeds: {
    instagram: { perPage: 30, atMost: 500, viewKind: 'displayed', growth },
    tiktok: { perPage: 30, atMost: 500, viewKind: null, bringsProfile: true, growth },
  },
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
      shares: 'never',
      saves: 'never',
      duration: 'exact',
    },
    tiktok: {
      followers: 'rounded',
      following: 'rounded',
      posts: 'rounded',
      verified: 'exact',
      views: 'rounded',
      plays: 'rounded',
      likes: 'rounded',
      comments: 'rounded',
      shares: 'rounded',
      saves: 'sometimes',
      duration: 'exact',
    },
  },
  terms:
    "You buy the mechanics, not a permission: you answer for lawful use, and the risk under the platforms' own terms stays with you.",
  cannotSee:
    'Private accounts; TikTok accounts without videos; shares and saves on Instagram; more of a TikTok feed than is shown to people without a login, often ten videos.',
};
