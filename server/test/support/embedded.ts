import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, onTestFinished } from 'vitest';
import { type DatabaseHandle, openDatabase } from '../../src/database/open.ts';
import { silentLogger } from './logger.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Opens the embedded database of a data directory until the running test has finished. */
export async function openEmbedded(dataDir: string, how = openDatabase): Promise<DatabaseHandle> {
  const handle = await how({ databaseUrl: null, dataDir, poolSize: 2 }, silentLogger);
  onTestFinished(() => handle.close());
  return handle;
}

export async function addRows(handle: DatabaseHandle, ...rows: number[]): Promise<void> {
  await handle.pool.query('create table if not exists kept (n int)');
  for (const row of rows) await handle.pool.query('insert into kept values ($1)', [row]);
}

export async function readRows(handle: DatabaseHandle): Promise<number[]> {
  const { rows } = await handle.pool.query<{ n: number }>('select n from kept order by n');
  return rows.map(({ n }) => n);
}

export function postmasterOf(handle: DatabaseHandle): number {
  return handle.embedded?.pid ?? 0;
}

let initialised: Promise<string> | undefined;

afterAll(async () => {
  if (initialised !== undefined) await rm(await initialised, { recursive: true, force: true });
});

/** A data directory with an empty database in it: a copy of one that is made once per test file, which is faster than initdb. */
export async function initialisedDirectory(): Promise<string> {
  initialised ??= initialise();
  const directory = join(await temporaryDirectory(), 'data');
  // fs.cp does not keep the owner.
  await promisify(execFile)('cp', ['-a', await initialised, directory]);
  return directory;
}

async function initialise(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tallyline initialised '));
  const handle = await openDatabase({ databaseUrl: null, dataDir: directory }, silentLogger);
  await handle.close();
  return directory;
}
