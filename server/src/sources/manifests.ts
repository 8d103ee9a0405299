import { apifyManifest } from './apify/manifest.ts';
import { ensembledataManifest } from './ensembledata/manifest.ts';
import { instagramGraphManifest } from './instagram-graph/manifest.ts';
import { instagramWebManifest } from './instagram-web/manifest.ts';
import type { Manifest } from './manifest.ts';
import { scrapecreatorsManifest } from './scrapecreators/manifest.ts';
import { tiktokDisplayManifest } from './tiktok-display/manifest.ts';
import { tiktokResearchManifest } from './tiktok-research/manifest.ts';
import { tiktokWebManifest } from './tiktok-web/manifest.ts';

/** Every connector to the outside world. */
export const manifests: readonly Manifest[] = [
  scrapecreatorsManifest,
  instagramGraphManifest,
  apifyManifest,
  tiktokResearchManifest,
  ensembledataManifest,
  instagramWebManifest,
  tiktokWebManifest,
  tiktokDisplayManifest,
];
