import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configurationDoc, configurationDocPath } from './configuration-doc.ts';

it('docs/configuration.md says what the server reads (npm run docs:configuration writes it)', () => {
  expect(readFileSync(configurationDocPath, 'utf8')).toBe(configurationDoc());
});
