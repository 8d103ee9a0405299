import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder (with a space in its name) that is gone when the running test has finished. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tallyline test '));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
