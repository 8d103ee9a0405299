import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Real payloads live beside the repository, never in it: they are other people's data. */
const shared = process.env.TALLYLINE_TEST_SHARED ?? resolve(import.meta.dirname, '../../../../shared');

const fixturesFolder = join(shared, 'fixtures');
export const areFixturesMissing = !existsSync(fixturesFolder);

/** For the end of a suite's name: what was skipped, and why. */
export const skippedNote = areFixturesMissing ? ` [skipped: the folder ${fixturesFolder} is missing]` : '';

export const fixtureText = (path: string): string => readFileSync(join(fixturesFolder, path), 'utf8');
