import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { instagramGraphManifest } from './instagram-graph/manifest.ts';
import { scrapecreatorsManifest } from './scrapecreators/manifest.ts';

describe.each([
  ['scrapecreators', scrapecreatorsManifest],
  ['instagram-graph', instagramGraphManifest],
])('the guide of %s', (file, manifest) => {
  it('says what the connector gives', () => {
    const guide = readFileSync(new URL(`../../../docs/sources/${file}.md`, import.meta.url), 'utf8');
    const tables = manifest.platforms.flatMap((platform) => manifest.gives[platform] ?? []);
    const metrics = Object.keys(tables[0] ?? {}) as (keyof (typeof tables)[number])[];
    for (const metric of metrics) {
      expect(guide).toContain(`| ${metric} | ${tables.map((table) => table[metric]).join(' | ')} |`);
    }
  });
});
