import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdDatabase } from '../../../test/support/database-holder.ts';
import { silentLogger } from '../../../test/support/logger.ts';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { type DatabaseHandle, openDatabase } from '../open.ts';
import { clusterDirectory } from './embedded.ts';

function open(dataDir: string): Promise<DatabaseHandle> {
  return openDatabase({ databaseUrl: null, dataDir }, silentLogger);
}

describe('a data directory that cannot be used', () => {
  it.each([
    ['19', /made by Postgres 19.*brings Postgres 18.*restore a backup/],
    ['15', /made by Postgres 15/],
  ])('made by Postgres %s is refused with the way out', async (version, message) => {
    const directory = await temporaryDirectory();
    await mkdir(join(clusterDirectory(directory), 'global'), { recursive: true });
    await writeFile(join(clusterDirectory(directory), 'PG_VERSION'), `${version}\n`);
    await writeFile(join(clusterDirectory(directory), 'global', 'pg_control'), '');
    await expect(open(directory)).rejects.toThrow(message);
    expect(await readdir(directory)).toEqual(['postgres']);
  });

  it('that is damaged is refused with what the server says and the way out', async () => {
    const directory = await temporaryDirectory();
    await (await holdDatabase('service', directory)).close();
    await writeFile(join(clusterDirectory(directory), 'global', 'pg_control'), 'junk');
    await expect(open(directory)).rejects.toThrow(/does not start[\s\S]*pg_control[\s\S]*restore a backup/);
    expect(await readdir(directory)).not.toContain('postgres.lock');
  });

  it('that lost its databases is refused with what the server says and the way out', async () => {
    const directory = await temporaryDirectory();
    await (await holdDatabase('service', directory)).close();
    await rm(join(clusterDirectory(directory), 'base'), { recursive: true });
    await expect(open(directory)).rejects.toThrow(/can't be opened: .*postgres.*restore a backup/);
    expect(await readdir(directory)).not.toContain('postgres.lock');
  });

  it('that lost the folder of its own database is refused with its name and the way out', async () => {
    const directory = await temporaryDirectory();
    await (await holdDatabase('service', directory)).close();
    const base = join(clusterDirectory(directory), 'base');
    // The lower numbers are those that initdb makes.
    const own = (await readdir(base)).filter((name) => Number(name) >= 16_384);
    expect(own).toHaveLength(1);
    await rm(join(base, String(own[0])), { recursive: true });
    const message = new RegExp(`can't be opened: its folder postgres/base/${own[0]} is missing.*restore a backup`);
    await expect(open(directory)).rejects.toThrow(message);
    expect(await readdir(directory)).not.toContain('postgres.lock');
  });

  it('whose postmaster.pid a power cut emptied is refused with the one file to remove, which is left', async () => {
    const directory = await temporaryDirectory();
    await (await holdDatabase('service', directory)).close();
    const path = join(clusterDirectory(directory), 'postmaster.pid');
    await writeFile(path, '');
    await expect(open(directory)).rejects.toThrow(/postmaster\.pid empty.*remove this one file and start again\.$/);
    expect(await readFile(path, 'utf8')).toBe('');
  });

  it('that is a file is refused and left alone', async () => {
    const directory = await temporaryDirectory();
    await writeFile(clusterDirectory(directory), 'mine');
    await expect(open(directory)).rejects.toThrow(/not a whole Postgres data directory.*move it away/);
    expect(await readdir(directory)).toEqual(['postgres']);
  });

  it('that is no data directory is refused and left alone', async () => {
    const directory = await temporaryDirectory();
    await mkdir(clusterDirectory(directory));
    await writeFile(join(clusterDirectory(directory), 'notes.txt'), 'mine');
    await expect(open(directory)).rejects.toThrow(/not a whole Postgres data directory.*move it away/);
    expect(await readdir(clusterDirectory(directory))).toEqual(['notes.txt']);
  });

  it('whose place is a file is refused', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'file'), '');
    await expect(open(join(directory, 'file', 'data'))).rejects.toThrow(
      /can't be written \(ENOTDIR\).*TALLYLINE_DATA_DIR/,
    );
  });
});
