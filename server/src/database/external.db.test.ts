import { expect, inject, it } from 'vitest';
import { silentLogger } from '../../test/support/logger.ts';
import { databaseUrl } from '../../test/support/test-server.ts';
import { openDatabase } from './open.ts';

const { url } = inject('testServer');

function open(target: string): ReturnType<typeof openDatabase> {
  return openDatabase({ databaseUrl: target, dataDir: '/nonexistent' }, silentLogger);
}

it('a server of TALLYLINE_DATABASE_URL is used, and nothing is started', async () => {
  const handle = await open(`${url}${url.includes('?') ? '&' : '?'}options=-c%20geqo%3Doff`);
  const { rows } = await handle.pool.query(
    "select current_setting('geqo') as geqo, current_setting('TimeZone') as zone",
  );
  expect(rows).toEqual([{ geqo: 'off', zone: 'UTC' }]);
  expect(handle.embedded).toBeNull();
  await handle.close();
});

it('a database that does not exist is named without the password', async () => {
  const target = new URL(databaseUrl(url, 'no_such_database'));
  target.password = 'hush';
  const error: unknown = await open(target.href).catch((reason: unknown) => reason);
  expect(String(error)).toMatch(/no_such_database.*does not exist/);
  expect(String(error)).not.toContain('hush');
});
