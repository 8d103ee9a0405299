import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../../server/bin/tallyline.js');

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
  stdout: () => string;
  stderr: () => string;
}

/** The `tallyline` command as npm start and npx run it, with no settings but the given ones. */
export function startTallyline(args: readonly string[], settings: Record<string, string>): Started {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TALLYLINE_|npm_|VITEST|NODE_)/.test(name));
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...Object.fromEntries(inherited), TALLYLINE_LOG_LEVEL: 'warn', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return { child, ended: untilEnd(child, output), stdout: () => output.stdout, stderr: () => output.stderr };
}

async function untilEnd(child: ChildProcess, output: { stdout: string; stderr: string }): Promise<Ended> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...output };
}

/** Runs a command to its end. */
export async function tallyline(args: readonly string[], settings: Record<string, string>): Promise<Ended> {
  return startTallyline(args, settings).ended;
}

/** Runs a command with --json that must succeed, and returns what it printed. */
export async function tallylineJson<T>(args: readonly string[], settings: Record<string, string>): Promise<T> {
  const { code, stdout, stderr } = await tallyline([...args, '--json'], settings);
  if (code !== 0) throw new Error(`tallyline ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}
