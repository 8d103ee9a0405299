import { chown, lstat, mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { SOCKET_PORT, socketDirectory } from './sockets.ts';

const isRoot = process.getuid?.() === 0;

async function find(clusterDir: string): Promise<string> {
  const directory = await socketDirectory(clusterDir, null);
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

it('is private, and the same for the same data directory', async () => {
  const cluster = await temporaryDirectory();
  const directory = await find(cluster);
  expect((await lstat(directory)).mode & 0o777).toBe(0o700);
  expect(await find(cluster)).toBe(directory);
  expect(await find(await temporaryDirectory())).not.toBe(directory);
});

it('leaves room for a socket though TMPDIR is long', async () => {
  const long = join(await temporaryDirectory(), 'x'.repeat(100));
  await mkdir(long);
  vi.stubEnv('TMPDIR', long);
  onTestFinished(() => void vi.unstubAllEnvs());
  const directory = await find(await temporaryDirectory());
  expect(Buffer.byteLength(join(directory, `.s.PGSQL.${SOCKET_PORT}`))).toBeLessThan(104);
});

it.runIf(isRoot)('is another one when somebody else made it first', async () => {
  vi.stubEnv('TMPDIR', await mkdtemp('/tmp/tl-'));
  onTestFinished(async () => {
    await rm(process.env['TMPDIR'] ?? '', { recursive: true });
    vi.unstubAllEnvs();
  });
  const cluster = await temporaryDirectory();
  const directory = await find(cluster);
  await rmdir(directory);
  await mkdir(directory, { mode: 0o700 });
  await chown(directory, 4242, 4242);
  expect(await find(cluster)).not.toBe(directory);
});
