import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './process-identity.ts';

/** What a running server writes into its data directory. */
export interface PostmasterFile {
  pid: number;
  socketDir: string;
  port: number;
  status: string;
  text: string;
}

export function readPostmasterFile(directory: string): PostmasterFile | null {
  let text: string;
  try {
    text = readFileSync(join(directory, 'postmaster.pid'), 'utf8');
  } catch {
    return null;
  }
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid === 0) return null;
  return { pid, port: Number(lines[3] ?? ''), socketDir: lines[4] ?? '', status: lines[7] ?? '', text };
}

/** True when `pid` runs and is the server of this directory, not another process that got the number of a dead one. */
export function isPostmasterOf(directory: string, pid: number): boolean {
  if (!isRunning(pid)) return false;
  return process.platform === 'linux' ? worksIn(pid, directory) : commandOf(pid).includes('postgres');
}

// A server's working directory is its data directory from its first moments to its end.
function worksIn(pid: number, directory: string): boolean {
  try {
    const [there, here] = [statSync(`/proc/${pid}/cwd`), statSync(directory)];
    return there.ino === here.ino && there.dev === here.dev;
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', timeout: 2_000 });
  } catch {
    return '';
  }
}
