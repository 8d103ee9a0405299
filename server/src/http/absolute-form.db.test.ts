import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { testApp } from '../../test/support/app.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { exchangeBytes } from '../../test/support/wire.ts';

// RFC 9112 §3.2.2: a server accepts a request target that names the host too, as clients of a proxy send it.

const { db } = await testDatabase();
const { apiKey } = await createOrganization(db);
const app = await testApp(db);
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address() as AddressInfo;
afterAll(() => app.close());

const send = (method: string, path: string) =>
  exchangeBytes(
    port,
    `${method} http://api.example.com${path} HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: Bearer ${apiKey}\r\nConnection: close\r\n\r\n`,
  );

test('Link names the host once', async () => {
  const answer = await send('GET', '/v2/accounts?limit=5');
  expect(answer.status).toBe(200);
  expect(answer.headers).toContain('link: <http://api.example.com/v2/accounts?limit=5>; rel="first"');
});

test('a method that the path does not support is 405 with Allow', async () => {
  const answer = await send('DELETE', '/v2/accounts?limit=5');
  expect(answer.status).toBe(405);
  expect(answer.headers).toContain('allow: GET, HEAD, POST');
  expect(JSON.parse(answer.body).instance).toBe('/v2/accounts');
});

test.each(['/v2/nothing', '/v2/accounts/%zz', '/v2/accounts/not-an-id'])('%s is 404, with its path', async (path) => {
  const answer = await send('GET', path);
  expect([answer.status, JSON.parse(answer.body).instance]).toEqual([404, path]);
});
