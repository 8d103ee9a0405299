import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { holdDatabase } from '../../../test/support/database-holder.ts';
import { addRows, initialisedDirectory, openEmbedded, postmasterOf, readRows } from '../../../test/support/embedded.ts';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { isDatabaseUnavailable } from '../errors.ts';
import { joinOrOpenDatabase } from '../open.ts';
import { clusterDirectory, lockPath } from './embedded.ts';
import { readPostmasterFile } from './postmaster.ts';
import { isRunning } from './process-identity.ts';
import { chooseServerUser } from './user.ts';

describe('after a kill', () => {
  it('of Node: the next start takes over the server that goes on, and stops it at its end', async () => {
    const directory = await initialisedDirectory();
    const holder = await holdDatabase('service', directory);
    const before = await openEmbedded(directory, joinOrOpenDatabase);
    await addRows(before, 1, 2, 3);
    await holder.kill();
    const after = await openEmbedded(directory);
    expect(after.embedded).toMatchObject({ pid: holder.postmasterPid, startedHere: false });
    expect(await readRows(after)).toEqual([1, 2, 3]);
    await before.close();
    await after.close();
    expect(isRunning(holder.postmasterPid)).toBe(false);
  });

  it('of Node and of the server: the next start has every committed row', async () => {
    const directory = await initialisedDirectory();
    const holder = await holdDatabase('service', directory);
    const before = await openEmbedded(directory, joinOrOpenDatabase);
    await addRows(before, 1, 2, 3);
    await holder.kill();
    process.kill(holder.postmasterPid, 'SIGKILL');
    const after = await openEmbedded(directory);
    expect(after.embedded?.startedHere).toBe(true);
    expect(await readRows(after)).toEqual([1, 2, 3]);
  });

  it('of Node, and with the data deleted: the next start makes a new database at once, though the old server goes on', async () => {
    const directory = await initialisedDirectory();
    const holder = await holdDatabase('service', directory);
    await holder.kill();
    const socketDir = readPostmasterFile(clusterDirectory(directory))?.socketDir ?? '';
    onTestFinished(async () => {
      if (isRunning(holder.postmasterPid)) process.kill(holder.postmasterPid, 'SIGKILL');
      await rm(socketDir, { recursive: true, force: true });
    });
    await rm(directory, { recursive: true, maxRetries: 10, retryDelay: 100 });
    expect(isRunning(holder.postmasterPid)).toBe(true);
    const after = await openEmbedded(directory);
    expect(after.embedded).toMatchObject({ startedHere: true });
    expect(postmasterOf(after)).not.toBe(holder.postmasterPid);
    await addRows(after, 1);
    const joined = await openEmbedded(directory, joinOrOpenDatabase);
    expect(await readRows(joined)).toEqual([1]);
    await joined.close();
  });

  it('of the server: queries fail as unavailable, and soon work again through the same pool', async () => {
    const handle = await openEmbedded(await initialisedDirectory());
    await addRows(handle, 1, 2, 3);
    const sleeping = handle.pool.query('select pg_sleep(60)').catch((error: unknown) => error);
    process.kill(postmasterOf(handle), 'SIGKILL');
    expect(isDatabaseUnavailable(await sleeping)).toBe(true);
    await expect.poll(() => readRows(handle).catch(() => []), { timeout: 20_000 }).toEqual([1, 2, 3]);
  });

  it('a lock whose pid belongs to another process by now is void', async () => {
    const directory = await initialisedDirectory();
    const holder = await holdDatabase('service', directory);
    const lock = JSON.parse(await readFile(lockPath(directory), 'utf8')) as Record<string, unknown>;
    await holder.close();
    await writeFile(lockPath(directory), JSON.stringify({ ...lock, pid: process.pid }));
    await openEmbedded(directory);
  });

  it('a postmaster.pid whose pid belongs to another process by now does not stop the start', async () => {
    const directory = await initialisedDirectory();
    const holder = await holdDatabase('service', directory);
    await holder.kill();
    process.kill(holder.postmasterPid, 'SIGKILL');
    const other = spawn('sleep', ['60'], chooseServerUser(clusterDirectory(directory)) ?? {});
    onTestFinished(() => void other.kill());
    const path = join(clusterDirectory(directory), 'postmaster.pid');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/^\d+/, String(other.pid)));
    const after = await openEmbedded(directory);
    expect(after.embedded?.startedHere).toBe(true);
    expect(other.exitCode).toBeNull();
  });

  it('of a first start: what is left of it is cleared away', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'postgres.draft-abcdef', 'base'), { recursive: true });
    await openEmbedded(directory);
    expect((await readdir(directory)).sort()).toEqual(['postgres', 'postgres.lock', 'postgres.log']);
  });
});
