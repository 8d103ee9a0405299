import pg from 'pg';
import { expect, inject, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../test/support/logger.ts';
import { databaseUrl, randomName } from '../../test/support/test-server.ts';
import { openDatabase } from './open.ts';

const { url, prefix } = inject('testServer');

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

it.each(['LATIN1', 'SQL_ASCII'])(
  'a database in %s is refused with the command that makes a right one',
  async (encoding) => {
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    const name = randomName(prefix);
    onTestFinished(async () => {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    });
    await admin.query(`create database ${name} encoding '${encoding}' locale 'C' template template0`);
    const message = new RegExp(`${name}.*has the encoding ${encoding}; .*CREATE DATABASE tallyline ENCODING 'UTF8'`);
    await expect(open(databaseUrl(url, name))).rejects.toThrow(message);
  },
);
