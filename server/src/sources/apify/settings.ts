import { amount, positive, required, type Values, withLimits } from '../setting-values.ts';
import type { Source } from '../source.ts';
import { createApify } from './connector.ts';
import { apifyManifest } from './manifest.ts';

export function createApifyFrom(values: Values): Source {
  const manifest = withLimits(apifyManifest, values);
  const { name, monthlyUsd = 5 } = manifest;
  return createApify({
    manifest,
    baseUrl: values.url ?? manifest.defaultUrl,
    token: required(name, 'token', values),
    monthlyUsd: amount(name, 'monthly_usd', values) ?? monthlyUsd,
    usdPerResult: (amount(name, 'usd_per_1000', values) ?? 2.3) / 1000,
    reach: {
      posts: positive(name, 'posts', values) ?? 30,
      maxPosts: positive(name, 'max_posts', values) ?? 500,
      withReels: values.reels === 'on',
    },
    patience: {
      runTimeoutMs: positive(name, 'run_timeout_ms', values) ?? 300_000,
      waitForFinishS: 30,
      pollMs: 1000,
    },
  });
}
