import { constants } from 'node:fs';
import { access, chmod, lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { DatabaseStartError, errorCode } from '../errors.ts';
import type { ServerUser } from './user.ts';

// A copy belongs to whoever made it, all of it, so a few files speak for the rest.
const PROBES = ['.', 'PG_VERSION', 'postgresql.conf', join('global', 'pg_control')];

/** Refuses a data directory that the server, running as this process' user, can't read. */
export async function requireReadable(directory: string, user: ServerUser): Promise<void> {
  if (user !== null) return;
  try {
    for (const probe of PROBES) {
      await access(join(directory, probe), constants.R_OK | constants.W_OK).catch((error: unknown) => {
        if (!isAbsence(error)) throw error;
      });
    }
  } catch (error) {
    throw unreadableError(directory, user, error);
  }
}

/** Gives a data directory that root copied (`cp -r` keeps no owner) to the user that the server runs as. */
export async function giveCopy(directory: string, user: ServerUser, logger: Logger): Promise<void> {
  if (user === null) return;
  try {
    if (await belongsTo(directory, user.uid)) return;
    logger.warn(
      { directory, uid: user.uid },
      'the database belongs to another user, as in a copy: it is given to its own',
    );
    await giveAll(directory, user);
  } catch (error) {
    throw unreadableError(directory, user, error);
  }
}

async function belongsTo(directory: string, uid: number): Promise<boolean> {
  for (const probe of PROBES) {
    const stats = await lstat(join(directory, probe)).catch((error: unknown) => {
      if (isAbsence(error)) return null;
      throw error;
    });
    if (stats !== null && stats.uid !== uid) return false;
  }
  return true;
}

// What a file that is missing means, a new or a broken directory, is not decided here.
function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');
}

async function giveAll(directory: string, { uid, gid }: NonNullable<ServerUser>): Promise<void> {
  const names = await readdir(directory, { recursive: true });
  for (const name of names) await lchown(join(directory, name), uid, gid);
  await chmod(directory, 0o700);
  // Last: who is interrupted before finds the directory not yet given.
  await lchown(directory, uid, gid);
}

function unreadableError(directory: string, user: ServerUser, error: unknown): DatabaseStartError {
  const { uid, gid } = user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  return new DatabaseStartError(
    `The database's user (id ${uid}) can't read all of ${directory} (${errorCode(error) ?? String(error)}). As root run: ` +
      `chown -R ${uid}:${gid} '${directory}' && chmod -R u+rwX,go-w '${directory}' && chmod 700 '${directory}' - and start again.`,
  );
}
