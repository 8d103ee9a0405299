import { execFileSync } from 'node:child_process';
import { access, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { type Lock, type LockRecord, tryLock } from './lock.ts';

const purpose = { role: 'command', command: 'test' } as const;

async function lockIn(directory: string): Promise<Lock | undefined> {
  const { lock } = await tryLock(join(directory, 'lock'), purpose);
  if (lock !== undefined) onTestFinished(() => lock.release());
  return lock;
}

/** A lock file of this process, with changes. */
async function leaveLock(directory: string, changes: Partial<LockRecord>): Promise<void> {
  await writeFile(join(directory, 'lock'), await recordWith(directory, changes));
}

async function recordWith(directory: string, changes: Partial<LockRecord>): Promise<string> {
  const path = join(directory, 'lock');
  const { lock } = await tryLock(path, purpose);
  const record = JSON.parse(await readFile(path, 'utf8')) as LockRecord;
  await lock?.release();
  return JSON.stringify({ ...record, ...changes });
}

it('has one holder at a time and names it', async () => {
  const directory = await temporaryDirectory();
  const lock = await lockIn(directory);
  const { holder } = await tryLock(join(directory, 'lock'), purpose);
  expect(holder).toMatchObject({ pid: process.pid, command: 'test', role: 'command' });
  await lock?.release();
  expect(await lockIn(directory)).toBeDefined();
});

it('of a process that ended goes to exactly one of many that want it', async () => {
  const directory = await temporaryDirectory();
  await leaveLock(directory, { startedAt: '1' });
  const locks = await Promise.all(Array.from({ length: 30 }, () => lockIn(directory)));
  expect(locks.filter((lock) => lock !== undefined)).toHaveLength(1);
  expect(await readdir(directory)).toEqual(['lock']);
});

it('of a process that ended stays with whoever took it over between two looks at it', async () => {
  const directory = await temporaryDirectory();
  const dead = await recordWith(directory, { token: 'dead', startedAt: '1' });
  const alive = await recordWith(directory, { token: 'alive' });
  // A pipe gives every reader what is written for it.
  execFileSync('mkfifo', [join(directory, 'lock')]);
  const attempt = tryLock(join(directory, 'lock'), purpose);
  const takeover = join(directory, 'lock.takeover');
  await writeFile(join(directory, 'lock'), dead);
  await vi.waitFor(() => access(takeover));
  await writeFile(join(directory, 'lock'), alive);
  await vi.waitFor(() => expect(access(takeover)).rejects.toThrow('ENOENT'));
  await writeFile(join(directory, 'lock'), alive);
  const { lock, holder } = await attempt;
  if (lock !== undefined) onTestFinished(() => lock.release());
  expect(holder).toMatchObject({ token: 'alive' });
});

it('that another took over meanwhile is not given back for it', async () => {
  const directory = await temporaryDirectory();
  const { lock } = await tryLock(join(directory, 'lock'), purpose);
  await writeFile(join(directory, 'lock'), JSON.stringify({ token: 'another' }));
  await lock?.release();
  expect(await readFile(join(directory, 'lock'), 'utf8')).toContain('another');
});

it('is free again after its holder died in the middle of taking it over', async () => {
  const directory = await temporaryDirectory();
  await leaveLock(directory, { startedAt: '1' });
  await writeFile(join(directory, 'lock.takeover'), await readFile(join(directory, 'lock')));
  expect(await lockIn(directory)).toBeDefined();
  expect(await readdir(directory)).toEqual(['lock']);
});

it('of a holder that cannot be looked up from here is void only after it fell silent', async () => {
  const directory = await temporaryDirectory();
  await leaveLock(directory, { host: 'elsewhere', bootId: 'another', startedAt: '1' });
  expect(await lockIn(directory)).toBeUndefined();
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(join(directory, 'lock'), longAgo, longAgo);
  expect(await lockIn(directory)).toBeDefined();
});

it('of before a restart of this machine is void', async () => {
  const directory = await temporaryDirectory();
  await leaveLock(directory, { bootId: 'the boot before' });
  expect(await lockIn(directory)).toBeDefined();
});

it.each(['', '\0\0', 'null', '5', '"text"', '[]', '{}'])('damaged by a power cut to %j is void', async (content) => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'lock'), content);
  expect(await lockIn(directory)).toBeDefined();
});
