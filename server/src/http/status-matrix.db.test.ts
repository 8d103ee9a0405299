import type { InjectOptions } from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { type ApiOperation, operationsOf } from '../../test/proof/document.ts';
import { testApp } from '../../test/support/app.ts';
import { checkedInject } from '../../test/support/contract.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createKey, setKeyDisabled } from '../../test/support/keys.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { createKysely, createPool, endPool } from '../database/pool.ts';

/** Contract §6: each operation can fail in the ways of its row, the general ones of its kind, and no others. */

const { db } = await testDatabase();
const app = await testApp(db);
const spent = await testApp(db, { config: { rateLimit: 0, addressRateLimit: 0 } });
// Nothing listens there.
const lostPool = createPool({ host: '127.0.0.1', port: 1, user: 'x', database: 'x' }, {}, silentLogger);
const away = await testApp(createKysely(lostPool));
afterAll(async () => {
  await Promise.all([app.close(), spent.close(), away.close()]);
  await endPool(lostPool, 100);
});

const { organizationId, apiKey } = await createOrganization(db);
const reader = await createKey(db, organizationId, ['read']);
const disabled = await createKey(db, organizationId, ['read', 'write', 'admin']);
await setKeyDisabled(db, disabled.apiKeyId, new Date(0));

const operations = operationsOf((await app.inject('/v2/openapi.json')).json());
const batches = /^batch_/;

/** The rows of §6. */
function ownFailures({ id, method, path, ids }: ApiOperation): number[] {
  if (id === 'create_account') return [400, 403, 404, 409, 413, 415, 422];
  if (method === 'POST') return batches.test(id) ? [400, 413, 415, 422] : [400, 409, 413, 415, 422];
  if (method === 'PATCH') return [400, 404, ...(id === 'update_account' ? [409] : []), 413, 415, 422];
  if (method === 'PUT') return [404, 409, 413, 415];
  if (method === 'DELETE') return [404, 413];
  if (ids.length > 0) return path.includes('/analytics') ? [404, 422] : [404];
  return isSystem(id) ? [] : [422];
}

const isSystem = (id: string): boolean => /^get_(health|meta|whoami|openapi|docs)$/.test(id);

/** What every operation of its kind shares. */
function generalFailures({ id, needsKey, method }: ApiOperation): number[] {
  if (id === 'get_health' || id === 'get_meta') return [406, 500, 503];
  const isWrite = method !== 'GET' && !batches.test(id);
  return [
    ...(needsKey ? [401, 403] : []),
    ...(isWrite ? [403] : []),
    ...(id === 'get_docs' ? [] : [406]),
    429,
    500,
    503,
  ];
}

const ascending = (statuses: readonly number[]): number[] => [...new Set(statuses)].toSorted((a, b) => a - b);

const cases = operations.map((operation): [string, ApiOperation] => [operation.id, operation]);

test.each(cases)('§6 %s declares the failures of its row and the general ones', (_id, operation) => {
  const declared = operation.statuses.filter((status) => status >= 400);
  expect(declared).toEqual(ascending([...ownFailures(operation), ...generalFailures(operation)]));
});

const random = '01a1fb87-c21b-7af4-b46d-338a22b86c44';

function request({ method, path }: ApiOperation, key: string, rest: InjectOptions = {}): InjectOptions {
  const hasBody = method === 'POST' || method === 'PATCH';
  return {
    method,
    url: `/v2${path.replaceAll(/\{[a-z_]+\}/g, random)}`,
    ...(hasBody ? { payload: '{}' } : {}),
    ...rest,
    headers: {
      authorization: `Bearer ${key}`,
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...rest.headers,
    },
  };
}

/** How each failure is provoked; those that depend on what exists (409, quota) have tests of their own. */
function provoke(operation: ApiOperation): [status: number, code: string, answer: ReturnType<typeof checkedInject>][] {
  const { id, method, needsKey, body, query, ids } = operation;
  const ask = (rest?: InjectOptions, key = apiKey, on = app) => checkedInject(on, request(operation, key, rest));
  const found: ReturnType<typeof provoke> = [];
  if (needsKey) {
    found.push([401, 'UNAUTHORIZED', ask({}, `tga_${'0'.repeat(64)}`)], [403, 'FORBIDDEN', ask({}, disabled.apiKey)]);
    found.push([429, 'RATE_LIMITED', ask({}, apiKey, spent)], [503, 'SERVICE_UNAVAILABLE', ask({}, apiKey, away)]);
  }
  if (method !== 'GET' && !batches.test(id)) found.push([403, 'INSUFFICIENT_SCOPE', ask({}, reader.apiKey)]);
  if (id !== 'get_docs') found.push([406, 'NOT_ACCEPTABLE', ask({ headers: { accept: 'text/html' } })]);
  if (body !== null || method === 'PUT') {
    found.push([415, 'UNSUPPORTED_MEDIA_TYPE', ask({ payload: '{}', headers: { 'content-type': 'text/plain' } })]);
  }
  if (body !== null) {
    found.push([400, 'BAD_REQUEST', ask({ payload: '{' })], [422, 'VALIDATION_ERROR', ask({ payload: '[]' })]);
  }
  if (method !== 'GET') found.push([413, 'BAD_REQUEST', ask({ payload: ' '.repeat(1024 * 1024 + 1) })]);
  const [parameter] = query;
  if (parameter !== undefined) found.push([422, 'VALIDATION_ERROR', ask({ query: { [parameter.name]: '\0' } })]);
  if (ids.length > 0) found.push([404, 'NOT_FOUND', ask(method === 'PATCH' ? { payload: '{"metadata":null}' } : {})]);
  return found;
}

test.each(cases)('§6 %s fails so when it is provoked', async (_id, operation) => {
  for (const [status, code, answer] of provoke(operation)) {
    const { statusCode, body } = await answer;
    expect([statusCode, JSON.parse(body).code]).toEqual([status, code]);
  }
});
