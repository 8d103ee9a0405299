import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Real payloads live beside the repository, never in it: they are other people's data. */
const shared = process.env.TALLYLINE_SHARED ?? resolve(import.meta.dirname, '../../../../shared');

export const fixturesFolder = join(shared, 'fixtures');
export const areFixturesMissing = !existsSync(fixturesFolder);

/** A suite's name that says what was skipped, and why. */
export const fixtureSuite = (name: string): string =>
  areFixturesMissing ? `${name} [skipped: the folder ${fixturesFolder} is missing]` : name;

export const fixtureText = (path: string): string => readFileSync(join(fixturesFolder, path), 'utf8');
