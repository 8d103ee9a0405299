import { type ChildProcess, fork, spawn } from 'node:child_process';
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
export const startTallyline = (args: readonly string[], settings: Record<string, string>): Started =>
  watch(spawn(process.execPath, [program, ...args], { env: environment(settings), stdio: ['ignore', 'pipe', 'pipe'] }));

/** A program of the tests' own, in the same surroundings; messages go to and fro. */
export const startProgram = (file: string, args: readonly string[], settings: Record<string, string>): Started =>
  watch(fork(file, args, { env: environment(settings), execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }));

function environment(settings: Record<string, string>): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TALLYLINE_|npm_|VITEST|NODE_)/.test(name));
  return { ...Object.fromEntries(inherited), TALLYLINE_LOG_LEVEL: 'warn', ...settings };
}

function watch(child: ChildProcess): Started {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
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
