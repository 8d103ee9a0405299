import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DatabaseStartError, errorCode } from '../errors.ts';
import { prepareBinaries } from './binaries.ts';
import { makeFolder } from './make-folder.ts';
import type { Cluster } from './cluster.ts';
import { ensureCluster } from './initdb.ts';
import { joinServer } from './join.ts';
import { leaveServer } from './leave.ts';
import { type Lock, type LockAttempt, type LockRecord, tryLock } from './lock.ts';
import { processLiveness } from './process-identity.ts';
import type { EmbeddedServer } from './server.ts';
import { socketDirectory } from './sockets.ts';
import { superviseServer } from './supervisor.ts';
import { chooseServerUser } from './user.ts';

export interface EmbeddedSettings {
  dataDir: string;
  /** A service must be the only holder of its data directory; a command joins the server of another holder. */
  role: LockRecord['role'];
  /** Asked by who holds the data directory, before the server is made or started. */
  beforeStart?: () => Promise<void>;
  /** Server settings on top of ours. */
  settings?: Readonly<Record<string, string>>;
}

const HELD_TIMEOUT_MS = 12_000;
const JOIN_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

export function clusterDirectory(dataDir: string): string {
  return join(dataDir, 'postgres');
}

export function lockPath(dataDir: string): string {
  return join(dataDir, 'postgres.lock');
}

/** Starts the server of the data directory and watches over it; a command may find it running and join. */
export async function openServer(settings: EmbeddedSettings, logger: Logger): Promise<EmbeddedServer> {
  await makeDataDir(settings.dataDir);
  const timeoutMs = settings.role === 'service' ? HELD_TIMEOUT_MS : JOIN_TIMEOUT_MS;
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const { lock, holder } = await attemptLock(settings);
    if (lock !== undefined) return holdServer(settings, lock, logger);
    if (settings.role === 'command') {
      const joined = await joinServer(clusterDirectory(settings.dataDir), () => attemptLock(settings), logger);
      if (joined !== null) return joined;
    }
    if (isSettled(settings, holder) || Date.now() > deadlineMs) throw heldError(settings.dataDir, holder);
    await delay(POLL_MS);
  }
}

async function holdServer(settings: EmbeddedSettings, lock: Lock, logger: Logger): Promise<EmbeddedServer> {
  try {
    await settings.beforeStart?.();
    const server = await superviseServer(await prepareCluster(settings, logger));
    return {
      current: server.current,
      async end() {
        await server.end();
        const place = { directory: clusterDirectory(settings.dataDir), server: server.current(), logger };
        await leaveServer(place, lock, () => attemptLock(settings));
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function prepareCluster(settings: EmbeddedSettings, logger: Logger): Promise<Cluster> {
  const directory = clusterDirectory(settings.dataDir);
  const user = chooseServerUser(directory);
  const binaries = await prepareBinaries(user, settings.dataDir);
  await ensureCluster(directory, binaries, user, logger);
  return {
    directory,
    logPath: join(settings.dataDir, 'postgres.log'),
    socketDir: await socketDirectory(directory, user),
    user,
    binaries,
    settings: settings.settings ?? {},
    logger,
  };
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir);
  } catch (error) {
    throw unusableError(dataDir, error);
  }
}

async function attemptLock({ dataDir, role }: EmbeddedSettings): Promise<LockAttempt> {
  const [, script, ...args] = process.argv;
  const command = [basename(script ?? 'node'), ...args.slice(0, 2)].join(' ');
  try {
    return await tryLock(lockPath(dataDir), { role, command });
  } catch (error) {
    throw unusableError(dataDir, error);
  }
}

/** A service holds on. A command is soon done, and a holder that can't be looked up from here may turn out dead. */
function isSettled(settings: EmbeddedSettings, holder: LockRecord): boolean {
  return settings.role === 'service' && holder.role === 'service' && processLiveness(holder) === 'alive';
}

function heldError(dataDir: string, holder: LockRecord): DatabaseStartError {
  return new DatabaseStartError(
    `The data directory ${dataDir} is in use by process ${holder.pid} on ${holder.host} (${holder.command}). ` +
      'Stop that process first, or choose another TALLYLINE_DATA_DIR.',
  );
}

function unusableError(dataDir: string, error: unknown): DatabaseStartError {
  const code = errorCode(error);
  if (error instanceof DatabaseStartError || code === null) throw error;
  return new DatabaseStartError(
    `The data directory ${dataDir} can't be written (${code}). Run as the user that owns it, or choose another TALLYLINE_DATA_DIR.`,
  );
}
