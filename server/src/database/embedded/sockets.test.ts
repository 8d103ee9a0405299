import { once } from 'node:events';
import { chown, lstat, mkdir, mkdtemp, readdir, rename, rm, rmdir, utimes } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
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

it('makes room: what killed servers left is removed, what somebody listens to or has just made stays', async () => {
  const cluster = await temporaryDirectory();
  const base = await mkdtemp('/tmp/tl-');
  vi.stubEnv('TMPDIR', base);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(base, { recursive: true });
  });
  const long = new Date(Date.now() - 600_000);
  const make = async (name: string) => {
    const directory = join(base, name);
    await mkdir(directory, { mode: 0o700 });
    return directory;
  };
  const age = (directory: string) => utimes(directory, long, long);

  const killed = await make('tallyline-000000000001');
  const gone = createServer().listen(join(base, 'gone'));
  await once(gone, 'listening');
  // Closing removes the socket by its first name only; a kill removes none.
  await rename(join(base, 'gone'), join(killed, `.s.PGSQL.${SOCKET_PORT}`));
  gone.close();
  const listening = await make('tallyline-000000000002');
  const server = createServer().listen(join(listening, `.s.PGSQL.${SOCKET_PORT}`));
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const empty = await make('tallyline-000000000003');
  const notOurs = await make('tallyline-notes');
  for (const directory of [killed, listening, empty, notOurs]) await age(directory);
  const fresh = await make('tallyline-000000000004');

  const own = await find(cluster);
  expect((await readdir(base)).toSorted()).toEqual(
    [listening, fresh, notOurs, own].map((path) => basename(path)).toSorted(),
  );
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
