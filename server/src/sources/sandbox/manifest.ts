import type { Manifest } from '../manifest.ts';
import { scrapecreatorsManifest } from '../scrapecreators/manifest.ts';

/** The real connector's, with bounds that fit a server on the same machine and costs nothing. */
export const sandboxManifest: Manifest = {
  ...scrapecreatorsManifest,
  name: 'sandbox',
  guide: 'sandbox',
  defaultUrl: 'http://127.0.0.1',
  // Made-up ids must never meet real ones.
  idSpace: 'sandbox',
  limits: {
    ...scrapecreatorsManifest.limits,
    requestTimeoutMs: 5000,
    connectTimeoutMs: 2000,
    concurrency: 32,
    retry: { attempts: 1, initialDelayMs: 20, maxDelayMs: 100, budgetPercent: 10 },
    breaker: { failures: 50, halfOpenAfterMs: 1000 },
    // A fault that is switched on for one handle must not hold up the others.
    rateLimitScope: 'request',
  },
  price: { unit: 'free', perProfile: 0, perPage: 0, perPost: 0, usdPerUnit: 0, note: 'Nothing: it is simulated.' },
  // Of the sandbox server, unless it is set otherwise.
  feeds: {
    instagram: { perPage: 50, atMost: null, viewKind: 'displayed' },
    tiktok: { perPage: 50, atMost: null, viewKind: null },
  },
  terms: 'Made-up numbers, for trying out: never to be shown as real ones.',
};
