import { spawn } from 'node:child_process';
import { chmod, chown, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { DatabaseStartError, errorCode } from '../errors.ts';
import type { Binaries } from './binaries.ts';
import { POSTGRES_MAJOR, SUPERUSER } from './cluster.ts';
import { giveCopy, requireReadable } from './ownership.ts';
import { onDataDirectory } from './spawn.ts';
import type { ServerUser } from './user.ts';

// For a small machine; written into postgresql.conf, where whoever runs Tallyline may change them.
const TUNABLE = {
  max_connections: '60',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  // Nobody replicates this server; backups read it.
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  min_wal_size: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Makes the data directory unless it is there. Made aside and renamed: a kill in the middle leaves no half of it. */
export async function ensureCluster(
  directory: string,
  binaries: Binaries,
  user: ServerUser,
  logger: Logger,
): Promise<void> {
  await removeDrafts(directory);
  await requireReadable(directory, user);
  if (await isInitialised(directory)) return giveCopy(directory, user, logger);
  logger.info({ directory }, 'making a new database');
  const draft = await mkdtemp(`${directory}.draft-`);
  try {
    await giveTo(draft, user);
    await initialise(draft, binaries, user);
    await rename(draft, directory);
    await flushDirectory(dirname(directory));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function isInitialised(directory: string): Promise<boolean> {
  const names = await namesIn(directory);
  if (names?.length === 0) return false;
  if (!names?.includes('PG_VERSION') || !(await namesIn(join(directory, 'global')))?.includes('pg_control')) {
    throw new DatabaseStartError(
      `${directory} is not a whole Postgres data directory. Restore it from a backup, or move it away to start empty.`,
    );
  }
  const version = (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim();
  if (version === String(POSTGRES_MAJOR)) return true;
  throw new DatabaseStartError(
    `${directory} was made by Postgres ${version || '(unknown)'}, this Tallyline brings Postgres ${POSTGRES_MAJOR}. ` +
      'Run the Tallyline that made it, or restore a backup into a new TALLYLINE_DATA_DIR.',
  );
}

/** Null: it is not a directory. */
async function namesIn(directory: string): Promise<string[] | null> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    if (errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}

// Left by a process that was killed while it made one. The caller holds the lock, so nobody is at it now.
async function removeDrafts(directory: string): Promise<void> {
  const parent = dirname(directory);
  const names = (await readdir(parent)).filter((name) => name.startsWith(`${basename(directory)}.draft-`));
  // Its initdb may live on for a moment and write.
  const options = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };
  await Promise.all(names.map((name) => rm(join(parent, name), options)));
}

async function giveTo(draft: string, user: ServerUser): Promise<void> {
  await chmod(draft, 0o700);
  if (user === null) return;
  try {
    await chown(draft, user.uid, user.gid);
  } catch (error) {
    throw new DatabaseStartError(
      `${draft} can't be given to user id ${user.uid}, that Postgres has to run as under root (${errorCode(error)}). ` +
        'Choose a TALLYLINE_DATA_DIR on a local disk, or run Tallyline as an ordinary user.',
    );
  }
}

// Else a power cut may take the new name back, and with it every row written under it.
async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function initialise(draft: string, binaries: Binaries, user: ServerUser): Promise<void> {
  const failure = await runInitdb(draft, binaries, user, 'C.UTF-8');
  if (failure === null) return;
  if (!/locale/i.test(failure)) throw initdbError(failure);
  // A machine without C.UTF-8. The schema names its collations, so C only changes upper() and lower() of non-ASCII.
  await Promise.all((await readdir(draft)).map((name) => rm(join(draft, name), { recursive: true, force: true })));
  const second = await runInitdb(draft, binaries, user, 'C');
  if (second !== null) throw initdbError(second);
}

function initdbError(output: string): DatabaseStartError {
  const hint = /could not look up effective user ID/.test(output)
    ? '\nGive that user id a name in /etc/passwd, or set TALLYLINE_DATABASE_URL to a Postgres 15-18 server.'
    : '';
  return new DatabaseStartError(`The database could not be made. initdb says:\n${output.trim()}${hint}`);
}

function runInitdb(draft: string, binaries: Binaries, user: ServerUser, locale: string): Promise<string | null> {
  const { dataArgument, options } = onDataDirectory(draft, user);
  const args = [
    `--pgdata=${dataArgument}`,
    `--username=${SUPERUSER}`,
    `--locale=${locale}`,
    '--locale-provider=libc',
    '--encoding=UTF8',
    '--no-instructions',
    // The only way in is the socket, in a directory that only this user can enter.
    '--auth-local=trust',
    '--auth-host=reject',
    ...Object.entries(TUNABLE).map(([name, value]) => `--set=${name}=${value}`),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(binaries.initdb, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => reject(initdbError(error.message)));
    child.on('close', (code) => resolve(code === 0 ? null : output));
  });
}
