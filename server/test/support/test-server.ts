import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterDirectory, openServer, lockPath } from '../../src/database/embedded/embedded.ts';
import { tryLock } from '../../src/database/embedded/lock.ts';
import { isPostmasterOf, readPostmasterFile } from '../../src/database/embedded/postmaster.ts';
import { silentLogger } from './logger.ts';

/** A Postgres server for tests, where databases may be made and dropped. */
export interface TestServer {
  /** A superuser's URL of the server's `postgres` database. */
  url: string;
  stop(): Promise<void>;
}

const PREFIX = 'tallyline-test-server-';
const STARTING_MS = 10_000;

/** The server named by TALLYLINE_TEST_DATABASE_URL, or else an embedded one in a fresh folder. */
export async function startTestServer(): Promise<TestServer> {
  const url = process.env['TALLYLINE_TEST_DATABASE_URL'];
  if (url !== undefined && url !== '') return { url, stop: async () => undefined };
  await removeLeftServers();
  const dataDir = await mkdtemp(join(tmpdir(), PREFIX));
  const held = await openServer({ dataDir, role: 'service', settings: FAST_AND_FORGETFUL }, silentLogger);
  const { socketDir, port } = held.current();
  return {
    url: socketUrl(socketDir, port, 'tallyline', 'postgres'),
    async stop() {
      await held.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

// These data are gone after the run anyway, so nothing is flushed to disk.
const FAST_AND_FORGETFUL = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

export function socketUrl(socketDir: string, port: number, user: string, database: string): string {
  return `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(socketDir)}`;
}

export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

export function randomName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}

/** Stops and removes what interrupted runs left behind; a run that is still going holds its lock. */
async function removeLeftServers(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  // Another run may be clearing the same folder away.
  for (const name of names) await removeLeftServer(join(tmpdir(), name)).catch(() => undefined);
}

async function removeLeftServer(dataDir: string): Promise<void> {
  // A run that is just starting has made its folder and not yet its lock.
  const { mtimeMs } = await stat(dataDir);
  if (Date.now() - mtimeMs < STARTING_MS) return;
  const { lock } = await tryLock(lockPath(dataDir), { command: 'clean up', role: 'command' });
  if (lock === undefined) return;
  const left = readPostmasterFile(clusterDirectory(dataDir));
  if (left !== null && isPostmasterOf(clusterDirectory(dataDir), left.pid)) {
    process.kill(left.pid, 'SIGQUIT');
    await rm(left.socketDir, { recursive: true, force: true });
  }
  await lock.release();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
