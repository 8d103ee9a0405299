import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { testApp } from '../../test/support/app.ts';
import { idleDb } from '../../test/support/idle-db.ts';
import { exchangeBytes } from '../../test/support/wire.ts';

const app = await testApp(idleDb());
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address() as AddressInfo;
afterAll(() => app.close());

const exchange = (text: string) => exchangeBytes(port, text);

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['headers without end', `GET /v2/meta HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  [
    'two different lengths',
    'POST /v2/creators HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{',
    400,
  ],
])('%s: a problem on the wire, and the connection closed', async (_what, text, status) => {
  const answer = await exchange(text);
  expect(answer.status).toBe(status);
  expect(answer.headers).toContain('Content-Type: application/problem+json');
  const problem = JSON.parse(answer.body);
  expect(problem).toMatchObject({ status, code: 'BAD_REQUEST', instance: null });
  expect(answer.headers).toContain(`X-Request-ID: ${problem.request_id}`);
});

test.each([
  ['HTTP/1.1 without Host', 'GET /v2/meta HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['an expectation nobody knows', 'GET /v2/meta HTTP/1.1\r\nHost: x\r\nExpect: nonsense\r\nConnection: close\r\n\r\n'],
])('%s: a problem like any other', async (_what, text) => {
  const answer = await exchange(text);
  const problem = JSON.parse(answer.body);
  expect(problem).toMatchObject({ status: 400, code: 'BAD_REQUEST', instance: '/v2/meta' });
  expect(answer.status).toBe(400);
  expect(answer.headers).toContain(`x-request-id: ${problem.request_id}`);
});

test.each([
  ['HTTP/1.0 without Host', 'GET /v2/meta HTTP/1.0\r\n\r\n'],
  ['100-continue', 'GET /v2/meta HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n'],
])('%s is served', async (_what, text) => {
  expect([100, 200]).toContain((await exchange(text)).status);
});
