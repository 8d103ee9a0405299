import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Another process that has the database of a data directory open. */
export interface DatabaseHolder {
  pid: number;
  postmasterPid: number;
  startedHere: boolean;
  kill(): Promise<void>;
  close(): Promise<number | null>;
}

export async function holdDatabase(
  role: 'service' | 'command',
  dataDir: string,
  user: { uid?: number; gid?: number } = {},
): Promise<DatabaseHolder> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-database.ts'), role, dataDir], {
    ...user,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const opened = await firstLine(child);
  return {
    pid: child.pid ?? 0,
    postmasterPid: opened.pid,
    startedHere: opened.startedHere,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async close() {
      child.stdin?.end('close\n');
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<{ pid: number; startedHere: boolean }> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('no pipes');
  let errors = '';
  stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  for await (const line of createInterface({ input: stdout })) {
    return JSON.parse(line) as { pid: number; startedHere: boolean };
  }
  throw new Error(`the process ended: ${errors}`);
}
