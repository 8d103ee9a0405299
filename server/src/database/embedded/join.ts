import pg from 'pg';
import type { Logger } from 'pino';
import { DatabaseStartError } from '../errors.ts';
import { SUPERUSER } from './cluster.ts';
import { JOINED_APPLICATION, leaveServer } from './leave.ts';
import type { LockAttempt } from './lock.ts';
import { isPostmasterOf, readPostmasterFile } from './postmaster.ts';
import type { EmbeddedServer } from './server.ts';

/** Uses the server that another process runs on this directory. Null: it is not ready (yet, or any more). */
export async function joinServer(
  directory: string,
  attemptLock: () => Promise<LockAttempt>,
  logger: Logger,
): Promise<EmbeddedServer | null> {
  const file = readPostmasterFile(directory);
  if (file?.status !== 'ready' || !isPostmasterOf(directory, file.pid)) return null;
  const server = { pid: file.pid, socketDir: file.socketDir, port: file.port, startedHere: false };
  // Pools close idle connections, so this one shows as long as we are here that the server is needed.
  const presence = new pg.Client({
    host: file.socketDir,
    port: file.port,
    user: SUPERUSER,
    database: 'postgres',
    application_name: JOINED_APPLICATION,
  });
  presence.on('error', () => undefined);
  try {
    await presence.connect();
  } catch (error) {
    if (!isPostmasterOf(directory, file.pid)) return null;
    throw unreachableError(file.pid, file.socketDir, error);
  }
  return {
    current: () => server,
    async end() {
      await presence.end().catch(() => undefined);
      const { lock } = await attemptLock();
      if (lock !== undefined) await leaveServer({ directory, server, logger }, lock, attemptLock);
    },
  };
}

function unreachableError(pid: number, socketDir: string, error: unknown): DatabaseStartError {
  const reason = error instanceof Error ? error.message : String(error);
  return new DatabaseStartError(
    `The database server of this data directory runs (process ${pid}), but its socket in ${socketDir} can't be reached ` +
      `from here (${reason}). Run the command as the same user and in the same container or service as the server.`,
  );
}
