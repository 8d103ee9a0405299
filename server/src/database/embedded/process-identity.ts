import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names one run of one process: pids are reused, so the pid alone does not. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string | null;
  host: string;
  bootId: string | null;
  pidNamespace: string | null;
}

/** `unknown`: the process lives, or lived, where its pid can't be looked up from here (another machine or container). */
export type Liveness = 'alive' | 'dead' | 'unknown';

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startedAt: startedAt(pid), host: hostname(), bootId: bootId(), pidNamespace: pidNamespace() };
}

export function processLiveness(identity: ProcessIdentity): Liveness {
  const here = identifyProcess(identity.pid);
  if (identity.bootId !== here.bootId) return identity.host === here.host ? 'dead' : 'unknown';
  if (identity.pidNamespace !== here.pidNamespace) return 'unknown';
  if (identity.bootId === null && identity.host !== here.host) return 'unknown';
  return isRunning(identity.pid) && here.startedAt === identity.startedAt ? 'alive' : 'dead';
}

/** True while a process of this pid runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const state = procStat(pid)?.[0];
  return state !== 'Z' && state !== 'X';
}

const STARTTIME_AFTER_STATE = 19; // proc_pid_stat(5): state is field 3, starttime field 22

function startedAt(pid: number): string | null {
  if (process.platform === 'linux') return procStat(pid)?.[STARTTIME_AFTER_STATE] ?? null;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2_000 }).trim();
  } catch {
    return null;
  }
}

function procStat(pid: number): string[] | null {
  const text = readText(`/proc/${pid}/stat`);
  // The command name stands in parentheses and may hold spaces and parentheses itself.
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function bootId(): string | null {
  return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? null;
}

function pidNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
