import { positive, required, type Values, withLimits } from '../setting-values.ts';
import type { Source } from '../source.ts';
import { createEnsembledata } from './connector.ts';
import { ensembledataManifest } from './manifest.ts';

export function createEnsembledataFrom(values: Values): Source {
  const manifest = withLimits(ensembledataManifest, values);
  return createEnsembledata({
    manifest,
    baseUrl: values.url ?? manifest.defaultUrl,
    token: required(manifest.name, 'token', values),
    dailyUnits: positive(manifest.name, 'daily_units', values) ?? Number.POSITIVE_INFINITY,
  });
}
