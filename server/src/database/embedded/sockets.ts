import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerUser } from './user.ts';

export const SOCKET_PORT = 5432;

// sockaddr_un holds 104 bytes on macOS and 108 on Linux, with a terminating zero.
const MAX_SOCKET_PATH_BYTES = 103;
const ROOT_ONLY_MODE = 0o750;
const PRIVATE_MODE = 0o700;

/**
 * A short private directory for the server's socket: the data directory's own path may be too long for one. The name follows from the data
 * directory, so that a restarted server is found where it was.
 */
export async function socketDirectory(clusterDir: string, user: ServerUser): Promise<string> {
  const hash = createHash('sha256')
    .update(await realpath(clusterDir))
    .digest('hex')
    .slice(0, 12);
  // Root's server user can't enter a private TMPDIR; everyone can enter these.
  const bases = user === null ? [tmpdir(), '/tmp'] : ['/run', '/tmp'];
  for (const base of bases.filter(isShortEnough)) {
    const directory = join(base, `tallyline-${hash}`);
    if (await claim(directory, user)) return directory;
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

async function claim(directory: string, user: ServerUser): Promise<boolean> {
  try {
    await mkdir(directory, { mode: PRIVATE_MODE });
    await own(directory, user);
  } catch {
    // It is there already, or the base can't be written: the check decides.
  }
  const stats = await lstat(directory).catch(() => null);
  // In a folder like /tmp somebody else may have made it first.
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
