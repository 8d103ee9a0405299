import { chmod, lstat, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { copyBinaries, isOurs } from './binaries-copy.ts';

let packageDir: string;
let cache: string;

beforeEach(async () => {
  packageDir = await temporaryDirectory();
  cache = await temporaryDirectory();
  await mkdir(join(packageDir, 'native', 'bin'), { recursive: true, mode: 0o700 });
  await writeFile(join(packageDir, 'native', 'bin', 'postgres'), 'program');
  await chmod(join(packageDir, 'native', 'bin', 'postgres'), 0o700);
});

function copy(): Promise<string> {
  return copyBinaries(packageDir, 'postgres-1', null, cache, async () => undefined);
}

async function modeOf(...path: string[]): Promise<number> {
  return (await lstat(join(...path))).mode & 0o777;
}

it('others may run the copy, whatever the modes of the original', async () => {
  const target = await copy();
  expect([await modeOf(target), await modeOf(target, 'native', 'bin')]).toEqual([0o755, 0o755]);
  expect(await modeOf(target, 'native', 'bin', 'postgres')).toBe(0o755);
});

it('processes that copy at once end up with one whole copy', async () => {
  const targets = await Promise.all(Array.from({ length: 8 }, copy));
  expect(new Set(targets).size).toBe(1);
  expect(await readdir(cache)).toEqual(['postgres-1']);
});

it('a copy that a power cut damaged is made anew', async () => {
  const program = join(await copy(), 'native', 'bin', 'postgres');
  await truncate(program, 0);
  await copy();
  expect(await readFile(program, 'utf8')).toBe('program');
  expect(await readdir(cache)).toEqual(['postgres-1']);
});

it('a cache that somebody else owns or may fill is none', async () => {
  const { uid, mode } = await lstat(packageDir);
  const directory = { isDirectory: () => true, uid, mode: (mode & ~0o777) | 0o755 };
  expect(isOurs(directory)).toBe(true);
  expect(isOurs({ ...directory, uid: uid + 1 })).toBe(false);
  expect(isOurs({ ...directory, mode: directory.mode | 0o020 })).toBe(false);
  expect(isOurs({ ...directory, isDirectory: () => false })).toBe(false);
});
