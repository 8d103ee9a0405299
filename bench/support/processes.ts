import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const tallyline = fileURLToPath(new URL('../../server/bin/tallyline.js', import.meta.url));

export interface Running {
  child: ChildProcess;
  /** The text that the pattern's first group matched on stdout. */
  matched: string;
  stop(): Promise<void>;
}

/** Starts a process and waits until its stdout matches `ready`. */
export async function start(
  command: string,
  args: string[],
  env: Record<string, string>,
  ready: RegExp,
): Promise<Running> {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  const matched = await new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = ready.exec(output);
      if (found) resolve(found[1] ?? '');
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('exit', (code) =>
      reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${output.slice(-2000)}`)),
    );
    child.once('error', reject);
  });
  return {
    child,
    matched,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Resident memory of a process in MB (Linux). */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
