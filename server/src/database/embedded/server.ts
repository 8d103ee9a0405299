import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DatabaseStartError, errorCode } from '../errors.ts';
import type { Cluster } from './cluster.ts';
import { isPostmasterOf, type PostmasterFile, readPostmasterFile } from './postmaster.ts';
import { isRunning } from './process-identity.ts';
import { openServerLog, readServerLog, serverLogSize } from './server-log.ts';
import { SOCKET_PORT } from './sockets.ts';
import { onDataDirectory } from './spawn.ts';

export interface RunningServer {
  pid: number;
  socketDir: string;
  port: number;
  startedHere: boolean;
}

export interface EmbeddedServer {
  current(): RunningServer;
  /** Stops the server, unless somebody else still needs it. */
  end(): Promise<void>;
}

const POLL_MS = 10;
const START_TIMEOUT_MS = 60_000;
const LOCK_RETRY_MS = 200;
const LOCK_TIMEOUT_MS = 10_000;
const FAST_STOP_TIMEOUT_MS = 6_000;
const IMMEDIATE_STOP_TIMEOUT_MS = 6_000;
// After a kill -9 the dead server's children hold its shared memory until they notice.
const LOCK_ERROR = /shared memory block .* is still in use|lock file ".*" (already exists|is empty)/;

/** Starts the server of the cluster, or takes over the one that a killed process left running. */
export async function startServer(cluster: Cluster): Promise<RunningServer> {
  const lockDeadlineMs = Date.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    const left = readPostmasterFile(cluster.directory);
    if (left !== null && isPostmasterOf(cluster.directory, left.pid)) {
      const ready = await waitForStatus(cluster, left.pid);
      if (ready === null) continue;
      cluster.logger.info({ serverPid: ready.pid }, 'took over the database server that was left running');
      return { pid: ready.pid, socketDir: ready.socketDir, port: ready.port, startedHere: false };
    }
    const outcome = await launch(cluster, left);
    if (typeof outcome !== 'string') return outcome;
    if (!LOCK_ERROR.test(outcome) || Date.now() > lockDeadlineMs) throw startError(cluster, outcome);
    await delay(LOCK_RETRY_MS);
  }
}

/** Stops it in order, and if that takes too long at once: the next start recovers from the write-ahead log. */
export async function stopServer(directory: string, pid: number, logger: Logger): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['SIGINT', FAST_STOP_TIMEOUT_MS],
    ['SIGQUIT', IMMEDIATE_STOP_TIMEOUT_MS],
  ] as const) {
    if (!isPostmasterOf(directory, pid)) return;
    process.kill(pid, signal);
    const deadlineMs = Date.now() + timeoutMs;
    while (isPostmasterOf(directory, pid) && Date.now() < deadlineMs) await delay(POLL_MS);
  }
  if (isPostmasterOf(directory, pid)) logger.error({ serverPid: pid }, 'the database server does not stop');
}

async function launch(cluster: Cluster, left: PostmasterFile | null): Promise<RunningServer | string> {
  const logStart = serverLogSize(cluster.logPath);
  const child = spawnServer(cluster, left);
  const spawnError = new Promise<Error>((resolve) => child.once('error', resolve));
  const pid = child.pid;
  if (pid === undefined) throw spawnFailure(cluster, await spawnError);
  const ready = await waitForStatus(cluster, pid);
  if (ready === null) return readServerLog(cluster.logPath, logStart);
  return { pid, socketDir: ready.socketDir, port: ready.port, startedHere: true };
}

function spawnServer(cluster: Cluster, left: PostmasterFile | null): ChildProcess {
  const { dataArgument, options } = onDataDirectory(cluster.directory, cluster.user);
  const log = openServerLog(cluster.logPath);
  const child = spawn(cluster.binaries.postgres, ['-D', dataArgument, ...settingArguments(cluster)], {
    ...options,
    env: { ...options.env, ...excuseStalePid(left) },
    stdio: ['ignore', log, log],
    // A session of its own: Ctrl-C in the terminal goes to Tallyline, which stops the server in order.
    detached: true,
  });
  closeSync(log);
  child.unref();
  return child;
}

// The pid in a stale postmaster.pid may belong to some other process by now, and Postgres then refuses to start. The file must not be
// deleted (it also guards the shared memory); but Postgres ignores the pid named in this variable, made for pg_ctl's own parent.
function excuseStalePid(left: PostmasterFile | null): NodeJS.ProcessEnv {
  return left === null ? {} : { PG_GRANDPARENT_PID: String(left.pid) };
}

function settingArguments(cluster: Cluster): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '',
    port: String(SOCKET_PORT),
    unix_socket_directories: cluster.socketDir,
    unix_socket_permissions: cluster.user === null ? '0700' : '0770',
    cluster_name: 'tallyline',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_checkpoints: 'off',
    ...cluster.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Waits until the server accepts connections. Null: it ended before. */
async function waitForStatus(cluster: Cluster, pid: number): Promise<PostmasterFile | null> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadlineMs) {
    const file = readPostmasterFile(cluster.directory);
    if (file?.pid === pid && file.status === 'ready') return file;
    if (!isRunning(pid)) return null;
    await delay(POLL_MS);
  }
  throw new DatabaseStartError(
    `The database server (process ${pid}) is not ready after ${START_TIMEOUT_MS / 1000} s. ` +
      `It may be recovering: see ${cluster.logPath}, and start again later.`,
  );
}

function spawnFailure({ binaries, user }: Cluster, error: Error): DatabaseStartError {
  return new DatabaseStartError(
    `${binaries.postgres} can't be run${user === null ? '' : ` as user id ${user.uid}`} (${errorCode(error) ?? error.message}). ` +
      'Run Tallyline as an ordinary user, or set TALLYLINE_DATABASE_URL.',
  );
}

function startError(cluster: Cluster, output: string): DatabaseStartError {
  return new DatabaseStartError(
    `The database server of ${cluster.directory} does not start. It says:\n${output}\n${wayOut(cluster, output)}`,
  );
}

// Never removed by us: a server that is just starting has it empty too, and two servers would ruin the data.
function wayOut(cluster: Cluster, output: string): string {
  if (/lock file ".*" is empty/.test(output)) {
    const file = join(cluster.directory, 'postmaster.pid');
    return `A power cut leaves ${file} empty. If no Postgres server of this directory runs, remove this one file and start again.`;
  }
  return `See ${cluster.logPath}. If the data is damaged, restore a backup into a new TALLYLINE_DATA_DIR.`;
}
