import type { FastifyInstance } from 'fastify';
import { describe, expect, test } from 'vitest';
import { testApp } from '../../test/support/app.ts';
import { TestClock } from '../../test/support/clock.ts';
import { checkedInject } from '../../test/support/contract.ts';
import { countingDb } from '../../test/support/counting-db.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createKey, setKeyDisabled } from '../../test/support/keys.ts';
import { createOrganization } from '../../test/support/organization.ts';

const { db, pool } = await testDatabase();

const whoami = (app: FastifyInstance, key: string, headers: Record<string, string> = {}) =>
  checkedInject(app, { url: '/v2/whoami', headers: { authorization: `Bearer ${key}`, ...headers } });

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

describe('§2.9 per key', () => {
  test('counts down, refuses the request after the last, and starts again with the next window', async () => {
    const { apiKey } = await createOrganization(db);
    const clock = new TestClock('2026-03-02T09:00:15Z');
    const app = await testApp(db, { clock, config: { rateLimit: 5 } });
    for (const remaining of ['4', '3', '2', '1', '0']) {
      const answer = await whoami(app, apiKey);
      expect(answer.headers).toMatchObject({ 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': remaining });
    }
    const refused = await whoami(app, apiKey);
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED', type: 'urn:creatoraudit:error:rate-limited' });
    expect(refused.headers).toMatchObject({
      'retry-after': '45',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.parse('2026-03-02T09:01:00Z') / 1000),
    });
    for (const path of ['/health', '/meta']) {
      const open = await checkedInject(app, { url: `/v2${path}`, headers: { authorization: `Bearer ${apiKey}` } });
      expect(open.statusCode).toBe(200);
      expect(open.headers['x-ratelimit-limit']).toBeUndefined();
    }
    clock.advance(45);
    expect((await whoami(app, apiKey)).headers['x-ratelimit-remaining']).toBe('4');
    await app.close();
  });

  test('errors, 304 and refusals count and show it too; another key has its own window', async () => {
    const { apiKey, organizationId } = await createOrganization(db);
    const other = await createKey(db, organizationId, ['read']);
    const app = await testApp(db, { clock: new TestClock(), config: { rateLimit: 100 } });
    const { etag } = (await whoami(app, apiKey)).headers;
    const unchanged = await whoami(app, apiKey, { 'if-none-match': String(etag) });
    expect([unchanged.statusCode, unchanged.headers['x-ratelimit-remaining']]).toEqual([304, '98']);
    const refused = await whoami(app, apiKey, { accept: 'text/html' });
    expect([refused.statusCode, refused.headers['x-ratelimit-remaining']]).toEqual([406, '97']);
    expect((await whoami(app, other.apiKey)).headers['x-ratelimit-remaining']).toBe('99');
    await app.close();
  });

  // That a route is not there comes before the key's limit, which it counts in.
  test.each([
    ['/v2/nothing', 404],
    ['/v2/accounts/%zz', 404],
    ['/v2/openapi.json', 429],
    ['/v2/docs', 429],
  ])('a valid key counts in its own window at %s, whatever its address has used up', async (url, status) => {
    const { apiKey } = await createOrganization(db);
    const app = await testApp(db, { clock: new TestClock(), config: { rateLimit: 2, addressRateLimit: 0 } });
    const get = (key: string) => checkedInject(app, { url, headers: { authorization: `Bearer ${key}` } });
    const first = await get(apiKey);
    expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '1' });
    expect((await get(apiKey)).headers['x-ratelimit-remaining']).toBe('0');
    const stranger = await app.inject({ url, headers: { authorization: `Bearer tga_${'0'.repeat(64)}` } });
    expect([stranger.statusCode, stranger.headers['x-ratelimit-limit']]).toEqual([429, '0']);
    const refused = await app.inject({ url, headers: { authorization: `Bearer ${apiKey}` } });
    expect([refused.statusCode, refused.headers['x-ratelimit-limit']]).toEqual([status, '2']);
    await app.close();
  });

  test('a wrong method counts for a valid key too', async () => {
    const { apiKey } = await createOrganization(db);
    const app = await testApp(db, { clock: new TestClock(), config: { rateLimit: 10 } });
    const headers = { authorization: `Bearer ${apiKey}` };
    const answer = await checkedInject(app, { method: 'PUT', url: '/v2/accounts', headers });
    expect([answer.statusCode, answer.headers['x-ratelimit-remaining']]).toEqual([405, '9']);
    await app.close();
  });

  test('a wrong method and an unknown route are said before the key is out of requests (§2.3)', async () => {
    const { apiKey } = await createOrganization(db);
    const app = await testApp(db, { clock: new TestClock(), config: { rateLimit: 1 } });
    const headers = { authorization: `Bearer ${apiKey}` };
    const requests = [
      ['GET', '/v2/accounts', 200, '0'],
      ['PUT', '/v2/accounts', 405, '0'],
      ['GET', '/v2/nothing', 404, '0'],
      ['GET', '/v2/accounts', 429, '0'],
    ] as const;
    for (const [method, url, status, remaining] of requests) {
      const answer = await checkedInject(app, { method, url, headers });
      expect([answer.statusCode, answer.headers['x-ratelimit-remaining']]).toEqual([status, remaining]);
    }
    await app.close();
  });

  test('one limit over all processes: of 300 requests at once to two of them, exactly 100 pass', async () => {
    const { apiKey } = await createOrganization(db);
    const clock = new TestClock();
    const counted = countingDb(pool);
    const one = await testApp(counted.db, { clock, config: { rateLimit: 100 } });
    const two = await testApp(counted.db, { clock, config: { rateLimit: 100 } });
    const answers = await times(300, async (index) => whoami(index % 2 === 0 ? one : two, apiKey));
    const passed = answers.filter((answer) => answer.statusCode === 200);
    expect(passed).toHaveLength(100);
    expect(new Set(passed.map((answer) => answer.headers['x-ratelimit-remaining'])).size).toBe(100);
    expect(answers.filter((answer) => answer.statusCode === 429)).toHaveLength(200);
    expect(counted.statements.length).toBeLessThan(30);
    await one.close();
    await two.close();
  });

  test('two processes whose clocks differ by seconds count in one window', async () => {
    const { apiKey } = await createOrganization(db);
    const early = await testApp(db, { clock: new TestClock('2026-03-02T09:00:58Z'), config: { rateLimit: 10 } });
    const late = await testApp(db, { clock: new TestClock('2026-03-02T09:01:01Z'), config: { rateLimit: 10 } });
    expect((await whoami(late, apiKey)).headers['x-ratelimit-remaining']).toBe('9');
    expect((await whoami(early, apiKey)).headers['x-ratelimit-remaining']).toBe('8');
    expect((await whoami(late, apiKey)).headers['x-ratelimit-remaining']).toBe('7');
    await early.close();
    await late.close();
  });
});

describe('one look at the database for all that wait', () => {
  test('hundreds of requests of many keys cost a few statements, and each gets its own answer', async () => {
    const counted = countingDb(pool);
    const organizations = await times(10, async (index) => createOrganization(db, `Organization ${index}`));
    const app = await testApp(counted.db, { clock: new TestClock() });
    const answers = await times(400, async (index) => {
      const organization = organizations.at(index % 10);
      const isValid = index % 40 !== 0;
      const answer = await whoami(app, isValid && organization ? organization.apiKey : `tga_${'f'.repeat(64)}`);
      if (!isValid) return answer.statusCode === 401;
      return answer.json().data.organization_id === organization?.organizationId;
    });
    expect(answers.every(Boolean)).toBe(true);
    expect(counted.statements.length).toBeLessThan(20);
    await app.close();
  });

  test('what happened before a request arrived is seen by it, whatever lookup is running', async () => {
    const { organizationId } = await createOrganization(db);
    const { apiKey, apiKeyId } = await createKey(db, organizationId, ['read']);
    const app = await testApp(db, { clock: new TestClock() });
    for (let round = 0; round < 10; round++) {
      const before = times(20, async () => whoami(app, apiKey));
      await setKeyDisabled(db, apiKeyId, new Date(0));
      const after = await times(20, async () => whoami(app, apiKey));
      expect(after.map((answer) => answer.statusCode)).toEqual(Array(20).fill(403));
      await before;
      await setKeyDisabled(db, apiKeyId, null);
      expect((await whoami(app, apiKey)).statusCode).toBe(200);
    }
    await app.close();
  });

  test('requests of a disabled key are not counted', async () => {
    const { organizationId } = await createOrganization(db);
    const { apiKey, apiKeyId } = await createKey(db, organizationId, ['read']);
    const app = await testApp(db, { clock: new TestClock(), config: { rateLimit: 10 } });
    await setKeyDisabled(db, apiKeyId, new Date(0));
    await times(20, async () => whoami(app, apiKey));
    await setKeyDisabled(db, apiKeyId, null);
    expect((await whoami(app, apiKey)).headers['x-ratelimit-remaining']).toBe('9');
    await app.close();
  });
});

describe('§2.9 per address', () => {
  const bad = `tga_${'0'.repeat(64)}`;

  test('bad keys use it up; a valid key from there goes on', async () => {
    const { apiKey } = await createOrganization(db);
    const app = await testApp(db, { config: { addressRateLimit: 3 } });
    const statuses: number[] = [];
    for (let index = 0; index < 5; index++) statuses.push((await whoami(app, bad)).statusCode);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    const refused = await whoami(app, bad);
    expect(refused.headers).toMatchObject({ 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': '0' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await whoami(app, apiKey)).statusCode).toBe(200);
    for (const path of ['/health', '/meta']) expect((await app.inject(`/v2${path}`)).statusCode).toBe(200);
    for (const path of ['/openapi.json', '/docs', '/nothing']) {
      expect((await app.inject(`/v2${path}`)).statusCode).toBe(429);
    }
    await app.close();
  });

  test('unknown routes, wrong methods, the document and its page count', async () => {
    const app = await testApp(db, { config: { addressRateLimit: 4 } });
    await app.inject('/v2/nothing');
    await app.inject({ method: 'PUT', url: '/v2/accounts' });
    await app.inject('/v2/openapi.json');
    expect((await app.inject('/v2/docs')).headers['x-ratelimit-remaining']).toBe('0');
    expect((await app.inject('/v2/docs')).statusCode).toBe(429);
    await app.close();
  });

  test('only a trusted proxy may say for whom it asks', async () => {
    const from = async (app: FastifyInstance, remoteAddress: string, forwarded: string) =>
      (await app.inject({ url: '/v2/nothing', remoteAddress, headers: { 'x-forwarded-for': forwarded } })).statusCode;
    const app = await testApp(db, { config: { addressRateLimit: 1, trustedProxies: ['10.0.0.0/8'] } });
    expect(await from(app, '10.1.2.3', '203.0.113.1')).toBe(404);
    expect(await from(app, '10.1.2.3', '203.0.113.2')).toBe(404);
    expect(await from(app, '10.1.2.3', '203.0.113.1')).toBe(429);
    expect(await from(app, '10.1.2.3', '198.51.100.9, 203.0.113.2')).toBe(429);
    expect(await from(app, '192.0.2.1', '203.0.113.3')).toBe(404);
    expect(await from(app, '192.0.2.1', '203.0.113.4')).toBe(429);
    await app.close();
    const alone = await testApp(db, { config: { addressRateLimit: 1 } });
    expect(await from(alone, '10.1.2.3', '203.0.113.1')).toBe(404);
    expect(await from(alone, '10.1.2.3', '203.0.113.2')).toBe(429);
    await alone.close();
  });
});
