import type { Logger } from 'pino';
import { createApifyFrom } from './apify/settings.ts';
import { createEnsembledataFrom } from './ensembledata/settings.ts';
import { createInstagramGraph } from './instagram-graph/connector.ts';
import { instagramGraphManifest } from './instagram-graph/manifest.ts';
import { createInstagramWebFrom } from './instagram-web/settings.ts';
import { parseFaultRules } from './sandbox/fault-rules.ts';
import { sandboxManifest } from './sandbox/manifest.ts';
import { startSandboxServer } from './sandbox/server.ts';
import { createSandboxSource } from './sandbox/source.ts';
import { createScrapecreators } from './scrapecreators/connector.ts';
import { scrapecreatorsManifest } from './scrapecreators/manifest.ts';
import { positive, required, type Values, variable, withLimits } from './setting-values.ts';
import type { Source } from './source.ts';
import { createTiktokDisplayFrom } from './tiktok-display/settings.ts';
import { createTiktokResearchFrom } from './tiktok-research/settings.ts';
import { createTiktokWebFrom } from './tiktok-web/settings.ts';

/** `values` is TALLYLINE_<NAME>_* by the rest of the variable's name in lower case. */
export interface SourceSettings {
  name: string;
  values: Record<string, string>;
}

type Factory = (values: Values, logger: Logger) => Source | Promise<Source>;

const factories: Record<string, Factory> = {
  sandbox: createSandbox,
  scrapecreators: (values) =>
    createScrapecreators({
      manifest: withLimits(scrapecreatorsManifest, values),
      baseUrl: values.url ?? scrapecreatorsManifest.defaultUrl,
      key: required('scrapecreators', 'key', values),
      isSandbox: false,
    }),
  instagram_graph: (values) =>
    createInstagramGraph({
      manifest: withLimits(instagramGraphManifest, values),
      baseUrl: values.url ?? instagramGraphManifest.defaultUrl,
      version: values.version ?? 'v26.0',
      userId: required('instagram_graph', 'user_id', values),
      token: required('instagram_graph', 'token', values),
    }),
  apify: createApifyFrom,
  ensembledata: createEnsembledataFrom,
  tiktok_research: createTiktokResearchFrom,
  instagram_web: createInstagramWebFrom,
  tiktok_web: createTiktokWebFrom,
  tiktok_display: createTiktokDisplayFrom,
};

/** The sources in the order given, ready to be asked. When one cannot be made, those already made are closed. */
export async function createSources(settings: readonly SourceSettings[], deps: { logger: Logger }): Promise<Source[]> {
  const sources: Source[] = [];
  try {
    for (const { name, values } of settings) {
      const factory = factories[name];
      if (factory === undefined) throw new Error(`there is no source ${name}`);
      sources.push(await factory(values, deps.logger));
    }
  } catch (error) {
    await Promise.all(sources.map((source) => source.close()));
    throw error;
  }
  return sources;
}

async function createSandbox(values: Values, logger: Logger): Promise<Source> {
  const manifest = withLimits(sandboxManifest, values);
  if (values.url !== undefined) return createSandboxSource({ manifest, baseUrl: values.url });
  const faults = parseFaultRules(values.faults ?? '[]');
  if (!faults.ok) throw new Error(`${variable('sandbox', 'faults')}: ${faults.problem}`);
  const pageSize = positive('sandbox', 'page_size', values);
  const server = await startSandboxServer({
    seed: values.seed ?? 'tallyline',
    faults: faults.rules,
    ...(pageSize !== null && { pageSize }),
  });
  logger.info({ url: server.url, sandbox: true }, 'the sandbox source serves simulated data');
  return createSandboxSource({ manifest, baseUrl: server.url, onClose: server.close });
}
