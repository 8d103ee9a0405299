import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, readlink, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { holdDatabase } from '../../../test/support/database-holder.ts';
import { openEmbedded, postmasterOf } from '../../../test/support/embedded.ts';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { clusterDirectory } from './embedded.ts';
import { isRunning } from './process-identity.ts';
import { chooseServerUser } from './user.ts';

const isRoot = process.getuid?.() === 0;

describe('who runs it, and where', () => {
  it('starts in a folder that other users cannot enter, with spaces in its path', async () => {
    const directory = await temporaryDirectory();
    await chmod(directory, 0o700);
    const handle = await openEmbedded(join(directory, 'my data'));
    const { rows } = await handle.pool.query(`select current_setting('listen_addresses') as addresses,
      current_setting('fsync') as fsync, current_setting('TimeZone') as zone, pg_encoding_to_char(encoding) as encoding
      from pg_database where datname = current_database()`);
    expect(rows).toEqual([{ addresses: '', fsync: 'on', zone: 'UTC', encoding: 'UTF8' }]);
  });

  it.runIf(isRoot)('does not run as root, and nobody but root can write its programs', async () => {
    const directory = await temporaryDirectory();
    const handle = await openEmbedded(directory);
    const cluster = await stat(clusterDirectory(directory));
    const process_ = await stat(`/proc/${postmasterOf(handle)}`);
    expect([process_.uid, cluster.mode & 0o777]).toEqual([cluster.uid, 0o700]);
    expect(cluster.uid).not.toBe(0);
    const program = await readlink(`/proc/${postmasterOf(handle)}/exe`);
    for (let path = program; path !== '/'; path = dirname(path)) {
      const stats = await stat(path);
      const isSafe = stats.uid === 0 && ((stats.mode & 0o022) === 0 || (stats.mode & 0o1000) !== 0);
      expect(isSafe, path).toBe(true);
    }
  });

  it.runIf(isRoot)('the server does not carry secrets of the environment', async () => {
    process.env['TALLYLINE_TEST_SECRET'] = 'hush';
    onTestFinished(() => {
      delete process.env['TALLYLINE_TEST_SECRET'];
    });
    const handle = await openEmbedded(await temporaryDirectory());
    expect(await readFile(`/proc/${postmasterOf(handle)}/environ`, 'utf8')).not.toContain('hush');
  });

  it('works as an ordinary user', async ({ skip }) => {
    const directory = await temporaryDirectory();
    const user = isRoot ? (chooseServerUser(clusterDirectory(directory)) ?? {}) : {};
    if (isRoot && !(await canRead(user))) skip('that user cannot read this checkout');
    await chmod(directory, 0o777);
    const holder = await holdDatabase('service', join(directory, 'data'), user);
    expect(holder.startedHere).toBe(true);
    expect(await holder.close()).toBe(0);
    expect(isRunning(holder.postmasterPid)).toBe(false);
  });
});

async function canRead(user: { uid?: number; gid?: number }): Promise<boolean> {
  const script = `fs.readFileSync(${JSON.stringify(import.meta.filename)})`;
  const child = spawn(process.execPath, ['-e', script], { ...user, stdio: 'ignore' });
  const [code] = await once(child, 'exit').catch(() => [null]);
  return code === 0;
}
