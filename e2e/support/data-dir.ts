import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

type AtTheEnd = (work: () => void) => unknown;

/** A data directory of the test's own, on a path with a space. Whatever still runs on it afterwards is ended. */
export function newDataDir(atTheEnd: AtTheEnd = onTestFinished): string {
  const parent = mkdtempSync(join(tmpdir(), 'tallyline-e2e-'));
  const dataDir = join(parent, 'data dir');
  atTheEnd(() => {
    killPostmaster(dataDir, 'SIGQUIT');
    rmSync(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  return dataDir;
}

export function postmasterPid(dataDir: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}

export function killPostmaster(dataDir: string, signal: NodeJS.Signals): void {
  const pid = postmasterPid(dataDir);
  if (pid !== null) process.kill(pid, signal);
}
