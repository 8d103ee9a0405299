import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DatabaseStartError, errorCode } from '../errors.ts';
import { prepareBinaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { ensureCluster } from './initdb.ts';
import { type Lock, type LockRecord, tryLock } from './lock.ts';
import { socketDirectory } from './sockets.ts';
import { type SupervisedServer, superviseServer } from './supervisor.ts';
import { chooseServerUser } from './user.ts';

export interface EmbeddedSettings {
  dataDir: string;
  role: LockRecord['role'];
  /** Server settings on top of ours. */
  settings?: Readonly<Record<string, string>>;
}

/** This process holds the data directory and supervises its server. */
export interface HeldServer {
  server: SupervisedServer;
  cluster: Cluster;
  end(): Promise<void>;
}

const HOLDER_TIMEOUT_MS = 12_000;
const POLL_MS = 100;

export function clusterDirectory(dataDir: string): string {
  return join(dataDir, 'postgres');
}

export function lockPath(dataDir: string): string {
  return join(dataDir, 'postgres.lock');
}

/** Takes the data directory and starts its server; says who holds it when somebody else does. */
export async function holdServer(settings: EmbeddedSettings, logger: Logger): Promise<HeldServer> {
  await makeDataDir(settings.dataDir);
  const deadlineMs = Date.now() + HOLDER_TIMEOUT_MS;
  for (;;) {
    const { lock, holder } = await tryLock(lockPath(settings.dataDir), purpose(settings.role));
    if (lock !== undefined) return startHeld(settings, lock, logger);
    // A command is soon done, and a holder that can't be looked up may be dead: wait for those, not for a service.
    const isService = holder.role === 'service' && holder.pid !== 0;
    if ((isService && settings.role === 'service') || Date.now() > deadlineMs)
      throw heldError(settings.dataDir, holder);
    await delay(POLL_MS);
  }
}

async function startHeld(settings: EmbeddedSettings, lock: Lock, logger: Logger): Promise<HeldServer> {
  try {
    const cluster = await prepareCluster(settings, logger);
    const server = await superviseServer(cluster);
    return {
      server,
      cluster,
      async end() {
        await server.end(true);
        await rm(cluster.socketDir, { recursive: true, force: true });
        await lock.release();
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
  await ensureCluster(directory, binaries, user);
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
    await mkdir(dataDir, { recursive: true });
  } catch (error) {
    throw new DatabaseStartError(
      `The data directory ${dataDir} can't be made (${errorCode(error) ?? 'unknown'}). Choose another TALLYLINE_DATA_DIR.`,
    );
  }
}

function purpose(role: LockRecord['role']): Pick<LockRecord, 'command' | 'role'> {
  const [, script, ...args] = process.argv;
  return { role, command: [basename(script ?? 'node'), ...args.slice(0, 2)].join(' ') };
}

function heldError(dataDir: string, holder: LockRecord): DatabaseStartError {
  return new DatabaseStartError(
    `The data directory ${dataDir} is in use by process ${holder.pid} on ${holder.host} (${holder.command}). ` +
      'Stop that process first, or choose another TALLYLINE_DATA_DIR.',
  );
}
