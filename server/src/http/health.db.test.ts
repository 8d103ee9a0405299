import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { testApp } from '../../test/support/app.ts';
import { checkedInject } from '../../test/support/contract.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { newId } from '../database/ids.ts';
import { createKysely, createPool, endPool } from '../database/pool.ts';

const { db } = await testDatabase();
const app = await testApp(db);
afterAll(() => app.close());
afterEach(() => db.deleteFrom('collectors').execute());

/** A collector that beat this long ago. */
const beat = (secondsAgo: number, sources: string[]) =>
  db
    .insertInto('collectors')
    .values({
      collector_id: newId(),
      host: 'here',
      pid: 1,
      sources,
      started_at: new Date(0),
      beat_at: new Date(Date.now() - secondsAgo * 1000),
    })
    .execute();

const health = async (on = app) => (await checkedInject(on, { url: '/v2/health' })).json().data;

describe('§5.7 health while the database answers', () => {
  test('nobody collects: degraded, with the sources of this process', async () => {
    expect(await health()).toMatchObject({
      type: 'health',
      status: 'degraded',
      checks: { database: 'ok', collector: 'down' },
      sources: ['sandbox'],
      sandbox: true,
    });
  });

  test('a collector that beats: ok, with its sources', async () => {
    await beat(3, ['scrapecreators']);
    await beat(40, ['sandbox']);
    expect(await health()).toMatchObject({
      status: 'ok',
      checks: { database: 'ok', collector: 'ok' },
      sources: ['scrapecreators'],
      sandbox: false,
    });
  });

  test('a collector that stopped beating counts for nothing', async () => {
    await beat(16, ['scrapecreators']);
    expect(await health()).toMatchObject({ status: 'degraded', checks: { collector: 'down' } });
  });

  test('a collector in this process that is in trouble: degraded', async () => {
    await beat(1, ['sandbox']);
    const troubled = await testApp(db, { collectorHealth: () => ({ isHealthy: false }) });
    expect(await health(troubled)).toMatchObject({
      status: 'degraded',
      checks: { database: 'ok', collector: 'degraded' },
    });
    await troubled.close();
  });
});

describe('§5.7 health while the database is away', () => {
  const { promise: listening, resolve } = Promise.withResolvers<number>();
  // Accepts connections and never says a word, like a database behind a broken network.
  const silent = createServer(() => undefined).listen(0, '127.0.0.1', () =>
    resolve((silent.address() as AddressInfo).port),
  );
  afterAll(() => silent.close());

  const refusing = async () => 1;
  test.each([
    ['refuses', refusing],
    ['is silent', () => listening],
  ])('and %s: 503 with the checks within 2 seconds, and 503 everywhere else', async (_how, portOf) => {
    const pool = createPool({ host: '127.0.0.1', port: await portOf(), user: 'x', database: 'x' }, {}, silentLogger);
    const lost = await testApp(createKysely(pool));
    const startedAt = performance.now();
    const answer = await checkedInject(lost, { url: '/v2/health' });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      checks: { database: 'down', collector: 'down' },
    });
    const { apiKey } = await createOrganization(db);
    const headers = { authorization: `Bearer ${apiKey}` };
    const list = await checkedInject(lost, { url: '/v2/accounts', headers });
    expect([list.statusCode, list.json().code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(list.headers['retry-after']).toBeDefined();
    expect(list.body).not.toMatch(/127\.0\.0\.1|ECONN|timeout exceeded/);
    await lost.close();
    await endPool(pool, 100);
  });
});
