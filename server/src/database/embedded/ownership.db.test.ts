import { execFile } from 'node:child_process';
import { chmod, chown, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { holdDatabase } from '../../../test/support/database-holder.ts';
import { addRows, initialisedDirectory, openEmbedded, readRows } from '../../../test/support/embedded.ts';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { clusterDirectory } from './embedded.ts';

const run = promisify(execFile);

describe.runIf(process.getuid?.() === 0)('a data directory whose files belong to another user', () => {
  it('starts when root made it with cp -r, and has every row', async () => {
    const original = await initialisedDirectory();
    const first = await openEmbedded(original);
    await addRows(first, 1, 2);
    await first.close();
    const copy = join(await temporaryDirectory(), 'copy');
    await run('cp', ['-r', original, copy]);
    expect((await lstat(clusterDirectory(copy))).uid).toBe(0);
    expect(await readRows(await openEmbedded(copy))).toEqual([1, 2]);
  });

  it('starts when root restored single files', async () => {
    const directory = await initialisedDirectory();
    await chown(join(clusterDirectory(directory), 'postgresql.conf'), 0, 0);
    await openEmbedded(directory);
  });

  it('is refused to an ordinary user with the commands that mend it', async () => {
    const directory = await initialisedDirectory();
    const base = join(directory, '..');
    await run('chown', ['-R', '65534:65534', base]);
    await chown(join(clusterDirectory(directory), 'postgresql.conf'), 0, 0);
    await chmod(join(clusterDirectory(directory), 'postgresql.conf'), 0o600);
    await expect(holdDatabase('service', directory, { uid: 65534, gid: 65534 })).rejects.toThrow(
      /user \(id 65534\) can't read all of .*\(EACCES\).*chown -R 65534:65534 '.*postgres'/,
    );
  });
});
