import { describe, expect, it } from 'vitest';
import { holdDatabase } from '../../../test/support/database-holder.ts';
import { addRows, initialisedDirectory, openEmbedded, readRows } from '../../../test/support/embedded.ts';
import { silentLogger } from '../../../test/support/logger.ts';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { joinOrOpenDatabase, openDatabase } from '../open.ts';
import { isRunning } from './process-identity.ts';

describe('one holder', () => {
  it('a second service is told who holds the data directory', async () => {
    const directory = await initialisedDirectory();
    const holder = await holdDatabase('service', directory);
    await expect(openDatabase({ databaseUrl: null, dataDir: directory }, silentLogger)).rejects.toThrow(
      new RegExp(`in use by process ${holder.pid} on .*hold-database\\.ts service`),
    );
    expect(await holder.close()).toBe(0);
  });

  it('a command joins the running server and leaves it running', async () => {
    const directory = await initialisedDirectory();
    const holder = await holdDatabase('service', directory);
    const joined = await openEmbedded(directory, joinOrOpenDatabase);
    expect(joined.embedded).toMatchObject({ pid: holder.postmasterPid, startedHere: false });
    await addRows(joined, 1);
    await joined.close();
    expect(isRunning(holder.postmasterPid)).toBe(true);
    await holder.close();
    expect(isRunning(holder.postmasterPid)).toBe(false);
  });

  it('a command that joined keeps the server when its holder stops, and stops it at its own end', async () => {
    const directory = await initialisedDirectory();
    const holder = await holdDatabase('service', directory);
    const joined = await openEmbedded(directory, joinOrOpenDatabase);
    expect(await holder.close()).toBe(0);
    await addRows(joined, 1, 2);
    expect(await readRows(joined)).toEqual([1, 2]);
    await joined.close();
    expect(isRunning(holder.postmasterPid)).toBe(false);
  });

  it('commands that start at once share one server, and the last one stops it', async () => {
    const directory = await temporaryDirectory();
    const holders = await Promise.all([1, 2, 3].map(() => holdDatabase('command', directory)));
    const postmasters = new Set(holders.map(({ postmasterPid }) => postmasterPid));
    expect(postmasters.size).toBe(1);
    expect(await Promise.all(holders.map((holder) => holder.close()))).toEqual([0, 0, 0]);
    expect([...postmasters].map(isRunning)).toEqual([false]);
  });
});
