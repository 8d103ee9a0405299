import { rmdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { isPostmasterOf } from './postmaster.ts';
import { type RunningServer, startServer } from './server.ts';
import { boundServerLog } from './server-log.ts';
import { claimSocketDirectory } from './sockets.ts';

const CHECK_MS = 500;
const MAX_BACKOFF_MS = 10_000;
const END_TIMEOUT_MS = 2_000;

/** A server that is started again when it dies. */
export interface SupervisedServer {
  current(): RunningServer;
  /** Ends the supervision; the server goes on. */
  end(): Promise<void>;
}

export async function superviseServer(cluster: Cluster): Promise<SupervisedServer> {
  let server = await startServer(cluster).catch(async (error: unknown) => {
    await rmdir(cluster.socketDir).catch(() => undefined);
    throw error;
  });
  // Clients have this address, so a server that is started again must use it too.
  const { socketDir } = server;
  const ending = new AbortController();
  const watching = watch();

  async function watch(): Promise<void> {
    let backoffMs = CHECK_MS;
    for (;;) {
      await delay(backoffMs, undefined, { ref: false, signal: ending.signal });
      try {
        await check();
        backoffMs = CHECK_MS;
      } catch (error) {
        cluster.logger.error({ err: error }, 'the database server could not be started again');
        backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      }
    }
  }

  async function check(): Promise<void> {
    boundServerLog(cluster.logPath);
    if (isPostmasterOf(cluster.directory, server.pid)) return;
    cluster.logger.error({ serverPid: server.pid }, 'the database server died and is started again');
    await claimSocketDirectory(socketDir, cluster.user);
    server = await startServer({ ...cluster, socketDir });
  }

  return {
    current: () => server,
    async end() {
      ending.abort();
      await Promise.race([watching.catch(() => undefined), delay(END_TIMEOUT_MS, undefined, { ref: false })]);
    },
  };
}
