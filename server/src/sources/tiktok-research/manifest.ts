import type { Manifest } from '../manifest.ts';
import { windowDays } from './windows.ts';

export const tiktokResearchManifest: Manifest = {
  name: 'tiktok_research',
  guide: 'tiktok-research',
  defaultUrl: 'https://open.tiktokapis.com',
  platforms: ['tiktok'],
  idSpace: 'platform',
  limits: {
    requestTimeoutMs: 30_000,
    connectTimeoutMs: 10_000,
    concurrency: 4,
    queue: 1000,
    maxResponseBytes: 8 * 1024 * 1024,
    // Each attempt counts towards the daily quota.
    retry: { attempts: 1, initialDelayMs: 1000, maxDelayMs: 5000, budgetPercent: 5 },
    breaker: { failures: 10, halfOpenAfterMs: 60_000 },
    patienceMs: 5000,
    rateLimitScope: 'key',
  },
  price: {
    unit: 'free',
    perProfile: 1,
    perPage: 1,
    perPost: 1,
    usdPerUnit: 0,
    note: 'No money: 1,000 requests and 100,000 videos a day, shared with your collaborators.',
  },
  quota: { requests: 1000, per: 'day' },
  feeds: { tiktok: { perPage: 100, atMost: null, viewKind: null, windowDays } },
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
    'For approved research of non-profit institutions alone: creators, advertisers and businesses are not eligible, and the terms ask you to refresh or delete what you keep.',
  cannotSee:
    'Creators under 18 and creators in Canada; private accounts; covers of videos and which are pinned; the id of an account; videos of the last two days or so, and their final numbers for up to ten.',
};
