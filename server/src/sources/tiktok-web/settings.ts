import type { Logger } from 'pino';
import { type Values, withInterval } from '../setting-values.ts';
import type { Source } from '../source.ts';
import { createTiktokWeb } from './connector.ts';
import { tiktokWebManifest } from './manifest.ts';

export function createTiktokWebFrom(values: Values, logger: Logger): Source {
  const manifest = withInterval(tiktokWebManifest, values);
  logger.warn({ source: manifest.name }, manifest.terms);
  return createTiktokWeb({ manifest, baseUrl: values.url ?? manifest.defaultUrl });
}
