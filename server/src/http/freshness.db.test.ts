import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { afterAll, describe, expect, test } from 'vitest';
import { testApp, testAppWith } from '../../test/support/app.ts';
import { TestClock } from '../../test/support/clock.ts';
import { checkedInject } from '../../test/support/contract.ts';
import { countingDb } from '../../test/support/counting-db.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { single } from '../contract/v2/conventions.ts';
import { operation } from './v2/operation.ts';

const { db, pool } = await testDatabase();
const clock = new TestClock();
const one = await testApp(db, { clock });
const other = await testApp(db, { clock });
afterAll(async () => {
  await one.close();
  await other.close();
});

const get = (app: FastifyInstance, key: string, url: string, headers: Record<string, string> = {}) =>
  checkedInject(app, { url: `/v2${url}`, headers: { authorization: `Bearer ${key}`, ...headers } });

async function createCreator(app: FastifyInstance, key: string, name: string): Promise<string> {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await checkedInject(app, { method: 'POST', url: '/v2/creators', headers, payload: { name } });
  return answer.json().data.id;
}

const rename = (app: FastifyInstance, key: string, id: string, name: string) =>
  checkedInject(app, {
    method: 'PATCH',
    url: `/v2/creators/${id}`,
    headers: { authorization: `Bearer ${key}` },
    payload: { name },
  });

describe('§2.8 an answer that was kept', () => {
  test('costs no query of its own, and is the same byte for byte', async () => {
    const { apiKey } = await createOrganization(db);
    const counted = countingDb(pool);
    const app = await testApp(counted.db, { clock });
    await createCreator(app, apiKey, 'a');
    const first = await get(app, apiKey, '/creators');
    counted.statements.length = 0;
    const second = await get(app, apiKey, '/creators');
    expect(counted.statements).toHaveLength(1);
    expect(second.rawPayload).toEqual(first.rawPayload);
    expect(second.headers.etag).toBe(first.headers.etag);
    await app.close();
  });

  test('is gone with the next write, on every process, under load', async () => {
    const { apiKey } = await createOrganization(db);
    const id = await createCreator(one, apiKey, 'name 0');
    for (let round = 1; round <= 30; round++) {
      const noise = [one, other].map((app) => get(app, apiKey, `/creators/${id}`));
      const [writer, reader] = round % 2 === 0 ? [one, other] : [other, one];
      await rename(writer, apiKey, id, `name ${round}`);
      const [here, there] = await Promise.all([
        get(writer, apiKey, `/creators/${id}`),
        get(reader, apiKey, `/creators/${id}`),
      ]);
      expect([here.json().data.name, there.json().data.name]).toEqual([`name ${round}`, `name ${round}`]);
      await Promise.all(noise);
    }
  });

  test('stays with its organization', async () => {
    const [mine, theirs] = [await createOrganization(db), await createOrganization(db)];
    await createCreator(one, mine.apiKey, 'mine');
    expect((await get(one, mine.apiKey, '/creators')).json().data).toHaveLength(1);
    expect((await get(one, theirs.apiKey, '/creators')).json().data).toEqual([]);
  });

  test('ends with the UTC day', async () => {
    const { apiKey } = await createOrganization(db);
    const id = await createCreator(one, apiKey, 'a');
    const days = async () => (await get(one, apiKey, `/creators/${id}/analytics?period=7d`)).json().data.end_date;
    const today = await days();
    expect(await days()).toBe(today);
    clock.advance(86_400);
    expect(await days()).not.toBe(today);
  });

  test('an error is never kept', async () => {
    const { apiKey } = await createOrganization(db);
    let calls = 0;
    const app = await testAppWith(db, {}, (routes, deps) => {
      const definition = {
        id: 'get_moody',
        method: 'GET',
        path: '/moody',
        tag: 'System',
        scope: 'read',
        summary: 'Fails once',
        success: 200,
        response: single(Type.Integer()),
        errors: [],
      } as const;
      operation(routes, deps, definition, async () => {
        calls += 1;
        if (calls === 1) throw new Error('once');
        return { body: { data: calls } };
      });
    });
    expect((await get(app, apiKey, '/moody')).statusCode).toBe(500);
    expect((await get(app, apiKey, '/moody')).json()).toEqual({ data: 2 });
    expect((await get(app, apiKey, '/moody')).json()).toEqual({ data: 2 });
    await app.close();
  });
});

describe('§2.8 If-None-Match', () => {
  test('304 without a body until something changes; also for answers that are not kept', async () => {
    const { apiKey } = await createOrganization(db);
    const id = await createCreator(one, apiKey, 'a');
    for (const url of [`/creators/${id}`, '/creators', '/whoami', '/meta', '/openapi.json', '/docs']) {
      const { etag } = (await get(one, apiKey, url)).headers;
      expect(etag).toMatch(/^"[^"]+"$/);
      for (const condition of [String(etag), `W/${etag}`, `"x", ${etag}`, '*']) {
        const unchanged = await get(other, apiKey, url, { 'if-none-match': condition });
        expect([unchanged.statusCode, unchanged.body, unchanged.headers.etag]).toEqual([304, '', etag]);
        expect(unchanged.headers['content-type']).toBeUndefined();
      }
      expect((await get(one, apiKey, url, { 'if-none-match': '"x"' })).statusCode).toBe(200);
    }
    const { etag } = (await get(one, apiKey, `/creators/${id}`)).headers;
    await rename(one, apiKey, id, 'b');
    const changed = await get(one, apiKey, `/creators/${id}`, { 'if-none-match': String(etag) });
    expect([changed.statusCode, changed.json().data.name]).toEqual([200, 'b']);
    expect(changed.headers.etag).not.toBe(etag);
  });

  test('HEAD answers 304 as GET does', async () => {
    const { apiKey } = await createOrganization(db);
    const { etag } = (await get(one, apiKey, '/creators')).headers;
    const headers = { authorization: `Bearer ${apiKey}`, 'if-none-match': String(etag) };
    const head = await checkedInject(one, { method: 'HEAD', url: '/v2/creators', headers });
    expect([head.statusCode, head.headers.etag]).toEqual([304, etag]);
  });
});
