import type { Logger } from 'pino';
import { type Values, withInterval } from '../setting-values.ts';
import type { Source } from '../source.ts';
import { createInstagramWeb } from './connector.ts';
import { instagramWebManifest } from './manifest.ts';

export function createInstagramWebFrom(values: Values, logger: Logger): Source {
  const manifest = withInterval(instagramWebManifest, values);
  logger.warn({ source: manifest.name }, manifest.terms);
  const baseUrl = values.url ?? manifest.defaultUrl;
  return createInstagramWeb({ manifest, baseUrl, withLegacyViews: values.legacy_views === 'on' });
}
