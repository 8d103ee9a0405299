import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallyline-folder-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a folder', () => {
  it('is made with those above it, and again', async () => {
    const path = join(folder, 'a', 'b c', 'd');
    await makeFolder(path);
    await makeFolder(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('is refused in place of a file, and below one', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('EEXIST');
    await expect(makeFolder(join(folder, 'file', 'below'))).rejects.toThrow('ENOTDIR');
  });

  // mkdir of Node, recursive, never came back from there.
  it.runIf(existsSync('/proc/self'))('is refused where nothing can be made', async () => {
    await expect(makeFolder('/proc/tallyline')).rejects.toThrow('ENOENT');
    await expect(makeFolder('/proc/tallyline/data')).rejects.toThrow('ENOENT');
  });
});
