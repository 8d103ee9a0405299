import { positive, required, type Values, withLimits } from '../setting-values.ts';
import type { Source } from '../source.ts';
import { createTiktokResearch } from './connector.ts';
import { tiktokResearchManifest } from './manifest.ts';

export function createTiktokResearchFrom(values: Values): Source {
  const manifest = withLimits(tiktokResearchManifest, values);
  const { name } = manifest;
  return createTiktokResearch({
    manifest,
    baseUrl: values.url ?? manifest.defaultUrl,
    clientKey: required(name, 'client_key', values),
    clientSecret: required(name, 'client_secret', values),
    dailyRequests: positive(name, 'daily_requests', values) ?? 1000,
  });
}
