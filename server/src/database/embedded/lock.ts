import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { errorCode } from '../errors.ts';
import { identifyProcess, type ProcessIdentity, processLiveness } from './process-identity.ts';

/** Node has no flock: a lock is a file with the identity of its holder, made by link(2), which never replaces. */
export interface LockRecord extends ProcessIdentity {
  token: string;
  command: string;
  /** A service holds its lock for long; a command gives it back soon. */
  role: 'service' | 'command';
}

export interface Lock {
  release(): Promise<void>;
}

export type LockAttempt = { lock: Lock; holder?: never } | { lock?: never; holder: LockRecord };

const HEARTBEAT_MS = 2_000;
/** A holder that can't be looked up from here is believed dead after this long without a heartbeat. */
const SILENCE_MS = 10_000;

const DAMAGED: LockRecord = {
  pid: 0,
  startedAt: null,
  host: '',
  bootId: null,
  pidNamespace: null,
  token: '',
  command: '',
  role: 'command',
};

export async function tryLock(path: string, purpose: Pick<LockRecord, 'command' | 'role'>): Promise<LockAttempt> {
  const record: LockRecord = { ...identifyProcess(process.pid), ...purpose, token: randomUUID() };
  const draft = `${path}.${record.token}`;
  await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o644, flag: 'wx' });
  try {
    const holder = await placeLock(path, draft, purpose);
    return holder === null ? { lock: heldLock(path, record.token) } : { holder };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Puts the draft in place and returns null, or returns who holds the lock. */
async function placeLock(
  path: string,
  draft: string,
  purpose: Pick<LockRecord, 'command' | 'role'>,
): Promise<LockRecord | null> {
  for (;;) {
    if (await linked(draft, path)) return null;
    const holder = await readLock(path);
    if (holder === null) continue;
    if (!(await isDead(path, holder))) return holder;
    // Only the holder of the takeover lock may replace a dead holder's file: it is still that file then.
    const takeover = await tryLock(`${path}.takeover`, purpose);
    if (takeover.lock === undefined) return takeover.holder;
    try {
      const now = await readLock(path);
      if (now?.token === holder.token) {
        await rename(draft, path);
        return null;
      }
    } finally {
      await takeover.lock.release();
    }
  }
}

function heldLock(path: string, token: string): Lock {
  const heartbeat = setInterval(() => {
    const now = new Date(Date.now());
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      // Not ours any more when this process was stopped for so long that another machine believed it dead.
      if ((await readLock(path))?.token === token) await rm(path, { force: true });
    },
  };
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readLock(path: string): Promise<LockRecord | null> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isLockRecord(content) ? content : DAMAGED;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    // The file appears with all its content, so one without is what a power cut left.
    if (error instanceof SyntaxError) return DAMAGED;
    throw error;
  }
}

function isLockRecord(content: unknown): content is LockRecord {
  return typeof content === 'object' && content !== null && 'token' in content && typeof content.token === 'string';
}

async function isDead(path: string, holder: LockRecord): Promise<boolean> {
  if (holder === DAMAGED) return true;
  const liveness = processLiveness(holder);
  if (liveness !== 'unknown') return liveness === 'dead';
  const beatAtMs = await stat(path).then(
    (stats) => stats.mtimeMs,
    () => 0,
  );
  return Date.now() - beatAtMs > SILENCE_MS;
}
