import { constants, type Stats } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DatabaseStartError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';
import type { ServerUser } from './user.ts';

interface SourceFile {
  path: string;
  size: number;
  executable: boolean;
}

/** Copies the programs into a cache that `user` can read and only this process' user can write; returns the copy. */
export async function copyBinaries(
  packageDir: string,
  name: string,
  user: ServerUser,
  dataDir: string,
  finish: (directory: string) => Promise<void>,
): Promise<string> {
  const cache = await cacheDirectory(user, dataDir);
  const target = join(cache, name);
  const files = await listFiles(packageDir);
  if (await isComplete(target, files)) return target;
  // Made aside and renamed: another process sees a whole copy or none.
  const draft = await mkdtemp(`${target}.draft-`);
  try {
    await copyFiles(packageDir, draft, files);
    await finish(draft);
    await chmod(draft, 0o755);
    return await moveIntoPlace(draft, target, files);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function moveIntoPlace(draft: string, target: string, files: SourceFile[]): Promise<string> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await rename(draft, target);
      return target;
    } catch {
      if (await isComplete(target, files)) return target;
      await rename(target, `${draft}.damaged`).catch(() => undefined);
      await rm(`${draft}.damaged`, { recursive: true, force: true });
    }
  }
  throw new DatabaseStartError(`The Postgres programs can't be copied to ${target}.`);
}

/** A directory that nobody else can have filled: ours, and not writable for others. */
async function cacheDirectory(user: ServerUser, dataDir: string): Promise<string> {
  if (user === null) {
    await makeFolder(dataDir);
    return dataDir;
  }
  for (const candidate of ['/var/cache/tallyline', join(tmpdir(), 'tallyline-cache'), '/tmp/tallyline-cache']) {
    await mkdir(candidate, { mode: 0o755 }).then(
      () => chmod(candidate, 0o755),
      () => undefined,
    );
    const stats = await lstat(candidate).catch(() => null);
    if (stats !== null && isOurs(stats)) return candidate;
  }
  const directory = await mkdtemp('/tmp/tallyline-cache-');
  await chmod(directory, 0o755);
  return directory;
}

export function isOurs(stats: Pick<Stats, 'isDirectory' | 'uid' | 'mode'>): boolean {
  return stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o777) === 0o755;
}

async function listFiles(packageDir: string): Promise<SourceFile[]> {
  const native = join(packageDir, 'native');
  const entries = await readdir(native, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // Static libraries are only for building against.
  const needed = paths.filter((path) => !path.endsWith('.a'));
  return Promise.all(
    needed.map(async (path) => {
      const stats = await lstat(path);
      return { path: relative(packageDir, path), size: stats.size, executable: (stats.mode & 0o111) !== 0 };
    }),
  );
}

// A power cut may leave a renamed copy with empty files.
async function isComplete(target: string, files: SourceFile[]): Promise<boolean> {
  const sizes = await Promise.all(
    files.map(({ path, size }) =>
      lstat(join(target, path)).then(
        (stats) => stats.size === size,
        () => false,
      ),
    ),
  );
  return sizes.every((same) => same);
}

async function copyFiles(packageDir: string, target: string, files: SourceFile[]): Promise<void> {
  const directories = new Set(files.flatMap(({ path }) => parents(path)));
  for (const directory of directories) {
    await mkdir(join(target, directory), { recursive: true });
    await chmod(join(target, directory), 0o755);
  }
  for (const { path, executable } of files) {
    await copyFile(join(packageDir, path), join(target, path), constants.COPYFILE_FICLONE);
    await chmod(join(target, path), executable ? 0o755 : 0o644);
  }
}

function parents(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
