import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, realpath, rm, stat, utimes } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../errors.ts';
import type { ServerUser } from './user.ts';

export const SOCKET_PORT = 5432;

// sockaddr_un holds 104 bytes on macOS and 108 on Linux, with a terminating zero.
const MAX_SOCKET_PATH_BYTES = 103;
const ROOT_ONLY_MODE = 0o750;
const PRIVATE_MODE = 0o700;
const ABANDONED_AFTER_MS = 300_000;
const LISTENING_TIMEOUT_MS = 1_000;

/**
 * A short private directory for the server's socket: the data directory's own path may be too long for one. The name follows from the data
 * directory, so that a restarted server is found where it was; and from its inode, since the server of one that was deleted runs on for
 * a minute and keeps its socket locked.
 */
export async function socketDirectory(clusterDir: string, user: ServerUser): Promise<string> {
  const { dev, ino } = await stat(clusterDir);
  const hash = createHash('sha256')
    .update(`${await realpath(clusterDir)} ${dev} ${ino}`)
    .digest('hex')
    .slice(0, 12);
  // Root's server user can't enter a private TMPDIR; everyone can enter these.
  const bases = user === null ? [tmpdir(), '/tmp'] : ['/run', '/tmp'];
  for (const base of bases.filter(isShortEnough)) {
    const directory = join(base, `tallyline-${hash}`);
    if (!(await claimSocketDirectory(directory, user))) continue;
    await removeAbandoned(base, directory, user);
    return directory;
  }
  const directory = await mkdtemp('/tmp/tallyline-');
  await own(directory, user);
  return directory;
}

function isShortEnough(base: string): boolean {
  return (
    Buffer.byteLength(join(base, `tallyline-${'0'.repeat(12)}`, `.s.PGSQL.${SOCKET_PORT}.lock`)) <=
    MAX_SOCKET_PATH_BYTES
  );
}

/** Makes the directory unless it is there and ours. Also before a server is started again: somebody may have tidied up. */
export async function claimSocketDirectory(directory: string, user: ServerUser): Promise<boolean> {
  try {
    await mkdir(directory, { mode: PRIVATE_MODE });
    await own(directory, user);
  } catch {
    // It is there already, or the base can't be written: the check decides.
  }
  // In a folder like /tmp somebody else may have made it first.
  if (!(await isOurs(directory, user))) return false;
  const now = new Date();
  await utimes(directory, now, now).catch(() => undefined);
  return true;
}

async function isOurs(directory: string, user: ServerUser): Promise<boolean> {
  const stats = await lstat(directory).catch(() => null);
  return (
    stats?.isDirectory() === true &&
    stats.uid === (user?.uid ?? process.getuid?.()) &&
    (stats.mode & 0o777) === modeFor(user)
  );
}

async function own(directory: string, user: ServerUser): Promise<void> {
  // Root's group may enter, for a root without the capability to ignore file modes.
  if (user !== null) await chown(directory, user.uid, 0);
  await chmod(directory, modeFor(user));
}

function modeFor(user: ServerUser): number {
  return user === null ? PRIVATE_MODE : ROOT_ONLY_MODE;
}

/** Removes what killed servers left here, whose data directories are perhaps never opened again. */
async function removeAbandoned(base: string, own: string, user: ServerUser): Promise<void> {
  const names = (await readdir(base).catch(() => [])).filter((name) => /^tallyline-[0-9a-f]{12}$/.test(name));
  await Promise.all(
    names.map(async (name) => {
      const directory = join(base, name);
      if (directory === own || !(await isOurs(directory, user)) || !(await isAbandoned(directory))) return;
      await rm(directory, { recursive: true, force: true }).catch(() => undefined);
    }),
  );
}

// Who claims a directory touches it, and its server listens soon after.
async function isAbandoned(directory: string): Promise<boolean> {
  const stats = await lstat(directory).catch(() => null);
  if (stats === null || Date.now() - stats.mtimeMs < ABANDONED_AFTER_MS) return false;
  return !(await isListening(join(directory, `.s.PGSQL.${SOCKET_PORT}`)));
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.setTimeout(LISTENING_TIMEOUT_MS, () => settle(true));
    socket.on('connect', () => settle(true));
    // Anything else, a full queue say, is somebody.
    socket.on('error', (error) => settle(!['ECONNREFUSED', 'ENOENT'].includes(errorCode(error) ?? '')));
    function settle(answer: boolean): void {
      socket.destroy();
      resolve(answer);
    }
  });
}
