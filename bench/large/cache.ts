import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/processes.ts';

const folder = join(root, '.cache', 'bench-large');

export const cacheFolder = folder;
export const dataDir = join(folder, 'data');
const markFile = join(folder, 'loaded');

/** What the kept database depends on: how it is filled, the schema, and the day: windows end today. */
async function fingerprint(now: Date): Promise<string> {
  const migrations = join(root, 'server/src/database/migrations');
  const files = (await readdir(migrations)).sort().map((name) => join(migrations, name));
  const hash = createHash('sha256').update(now.toISOString().slice(0, 10));
  for (const file of [join(root, 'bench/large/load.ts'), ...files]) hash.update(await readFile(file));
  return hash.digest('hex');
}

/** Whether the kept database is of today and of this schema; otherwise it is removed. */
export async function isKept(now: Date): Promise<boolean> {
  const mark = await readFile(markFile, 'utf8').catch(() => null);
  if (mark === (await fingerprint(now))) return true;
  await rm(dataDir, { recursive: true, force: true });
  await rm(markFile, { force: true });
  await mkdir(folder, { recursive: true });
  return false;
}

export async function keep(now: Date): Promise<void> {
  await writeFile(markFile, await fingerprint(now));
}
