import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import { SUPERUSER } from './cluster.ts';
import type { Lock, LockAttempt } from './lock.ts';
import { isPostmasterOf } from './postmaster.ts';
import { type RunningServer, stopServer } from './server.ts';

/** Name of the session by which a process that joined a server shows that it still needs it. */
export const JOINED_APPLICATION = 'tallyline-joined';

interface Place {
  directory: string;
  server: RunningServer;
  logger: Logger;
}

/** Gives up the server under `lock`. The last one to leave stops it. */
export async function leaveServer(place: Place, lock: Lock, attemptLock: () => Promise<LockAttempt>): Promise<void> {
  let held: Lock | undefined = lock;
  while (held !== undefined) {
    if ((await countJoined(place)) === 0) {
      await stop(place);
      await held.release();
      return;
    }
    await held.release();
    // Who left while we held the lock could not take it, and relies on us.
    if ((await countJoined(place)) > 0) {
      place.logger.info({ serverPid: place.server.pid }, 'left the database server running for another process');
      return;
    }
    held = (await attemptLock()).lock;
  }
}

async function stop({ directory, server, logger }: Place): Promise<void> {
  await stopServer(directory, server.pid, logger);
  if (basename(server.socketDir).startsWith('tallyline-')) {
    await rm(server.socketDir, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function countJoined({ directory, server }: Place): Promise<number> {
  if (!isPostmasterOf(directory, server.pid)) return 0;
  const { socketDir: host, port } = server;
  const client = new pg.Client({ host, port, user: SUPERUSER, database: 'postgres', connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ joined: number }>(
      'select count(*)::int as joined from pg_stat_activity where application_name = $1',
      [JOINED_APPLICATION],
    );
    return rows[0]?.joined ?? 0;
  } catch {
    // It does not answer, so it serves nobody.
    return 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}
