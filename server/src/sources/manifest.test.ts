import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourceNames, sourceVariables } from '../config/source-variables.ts';
import { sourceVariableName } from '../config.ts';
import { manifests } from './manifests.ts';

/** Lines end where the page does: what is broken in the guide is one text in the manifest. */
const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe.each(manifests.map((manifest) => [manifest.name, manifest] as const))('the guide of %s', (name, manifest) => {
  const guide = readFileSync(new URL(`../../../docs/sources/${manifest.guide}.md`, import.meta.url), 'utf8');

  it('says what the connector gives', () => {
    const tables = manifest.platforms.flatMap((platform) => manifest.gives[platform] ?? []);
    expect(tables).toHaveLength(manifest.platforms.length);
    const metrics = Object.keys(tables[0] ?? {}) as (keyof (typeof tables)[number])[];
    for (const metric of metrics) {
      expect(guide).toContain(`| ${metric} | ${tables.map((table) => table[metric]).join(' | ')} |`);
    }
  });

  it('says what it costs, what it cannot see, and what it may be used for', () => {
    for (const text of [manifest.price.note, manifest.cannotSee, manifest.terms]) {
      expect(onOneLine(guide)).toContain(text);
    }
  });

  it('names its variables, and only those there are', () => {
    const variables = sourceVariables[sourceNames.find((each) => each === name) ?? 'sandbox'];
    const own = variables.map(({ suffix }) => sourceVariableName(name as 'sandbox', suffix));
    const named = guide.match(new RegExp(`TALLYLINE_${name.toUpperCase()}_[A-Z0-9_]+`, 'g')) ?? [];
    expect(own).toEqual(expect.arrayContaining(named));
    for (const { suffix, isRequired } of variables) {
      if (isRequired) expect(named).toContain(sourceVariableName(name as 'sandbox', suffix));
    }
  });

  it('has a feed for each platform it knows', () => {
    expect(Object.keys(manifest.feeds)).toEqual([...manifest.platforms]);
  });
});

it('every source that can be named has a manifest, but for the simulated one', () => {
  expect(['sandbox', ...manifests.map(({ name }) => name)]).toEqual([...sourceNames]);
});
