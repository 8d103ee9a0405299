import type { InjectOptions } from 'fastify';
import { afterAll, describe, expect, test } from 'vitest';
import { testApp } from '../../test/support/app.ts';
import { checkedInject } from '../../test/support/contract.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createKey, setKeyDisabled } from '../../test/support/keys.ts';
import { createOrganization } from '../../test/support/organization.ts';

const { db } = await testDatabase();
const { apiKey, organizationId } = await createOrganization(db);
const reader = await createKey(db, organizationId, ['read']);
const app = await testApp(db);
afterAll(() => app.close());

const absent = '01a1fb87-c21b-7af4-b46d-338a22b86c44';
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const json = 'application/json';

const send = (url: string, options: Omit<InjectOptions, 'url'> = {}) =>
  checkedInject(app, { url: `/v2${url}`, ...options, headers: { ...bearer(apiKey), ...options.headers } });

const post = (url: string, payload: object | string, headers: Record<string, string> = {}) =>
  send(url, { method: 'POST', payload, headers: { 'content-type': json, ...headers } });

const codeOf = async (options: InjectOptions): Promise<string> => {
  const answer = await checkedInject(app, options);
  return `${answer.statusCode} ${answer.body === '' ? '' : (answer.json().code ?? '')}`.trim();
};

test('§2.3 the first check that fails answers', async () => {
  const big = `"${'x'.repeat(1024 * 1024)}"`;
  const url = '/v2/creators/not-an-id';
  const at = (headers: Record<string, string>, payload: string, to = url) =>
    codeOf({ method: 'PATCH', url: to, headers, payload });
  const wrong = { accept: 'text/html', 'content-type': 'text/plain' };
  const patch = { ...bearer(apiKey), accept: json, 'content-type': json };
  expect(await codeOf({ method: 'PATCH', url: '/v2/nothing', headers: wrong, payload: big })).toBe('404 NOT_FOUND');
  expect(await codeOf({ method: 'PUT', url: '/v2/creators', headers: wrong, payload: big })).toBe('405 BAD_REQUEST');
  expect(await at(wrong, big)).toBe('401 UNAUTHORIZED');
  expect(await at({ ...wrong, ...bearer(reader.apiKey) }, big)).toBe('403 INSUFFICIENT_SCOPE');
  expect(await at({ ...wrong, ...bearer(apiKey) }, big)).toBe('406 NOT_ACCEPTABLE');
  expect(await at({ ...wrong, ...bearer(apiKey), accept: json }, big)).toBe('413 BAD_REQUEST');
  expect(await at({ ...wrong, ...bearer(apiKey), accept: json }, '{')).toBe('415 UNSUPPORTED_MEDIA_TYPE');
  expect(await at(patch, '{')).toBe('400 BAD_REQUEST');
  expect(await at(patch, '{}')).toBe('404 NOT_FOUND');
  expect(await at(patch, '{}', `/v2/creators/${absent}`)).toBe('422 VALIDATION_ERROR');
  expect(await at(patch, '{"name":"x"}', `/v2/creators/${absent}`)).toBe('404 NOT_FOUND');
});

describe('§2.2 keys', () => {
  test.each([
    ['none', {}],
    ['unknown', bearer(`tga_${'0'.repeat(64)}`)],
    ['of another form', bearer('secret')],
    ['under another scheme', { authorization: `Basic ${apiKey}` }],
    ['bare', { authorization: apiKey }],
    ['in another header', { 'x-api-key': apiKey }],
  ])('%s: 401', async (_what, headers) => {
    const answer = await checkedInject(app, { url: `/v2/whoami?api_key=${apiKey}&key=${apiKey}`, headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.headers['x-ratelimit-limit']).toBeDefined();
  });

  test('a disabled key is 403 at once, and works again at once', async () => {
    const { apiKey: key, apiKeyId } = await createKey(db, organizationId, ['read']);
    const whoami = () => codeOf({ url: '/v2/whoami', headers: bearer(key) });
    expect(await whoami()).toBe('200');
    await setKeyDisabled(db, apiKeyId, new Date(0));
    expect(await whoami()).toBe('403 FORBIDDEN');
    await setKeyDisabled(db, apiKeyId, null);
    expect(await whoami()).toBe('200');
  });

  test('every key of a disabled organization is 403', async () => {
    const other = await createOrganization(db);
    const whoami = () => codeOf({ url: '/v2/whoami', headers: bearer(other.apiKey) });
    expect(await whoami()).toBe('200');
    const disabled = (at: Date | null) =>
      db
        .updateTable('organizations')
        .set({ disabled_at: at })
        .where('organization_id', '=', other.organizationId)
        .execute();
    await disabled(new Date(0));
    expect(await whoami()).toBe('403 FORBIDDEN');
    await disabled(null);
    expect(await whoami()).toBe('200');
  });

  test.each([
    [['admin'], ['read', 'write', 'admin']],
    [['write'], ['read', 'write']],
    [['read'], ['read']],
    [
      ['write', 'read'],
      ['read', 'write'],
    ],
  ])('scopes %j hold %j', async (granted, held) => {
    const { apiKey: key } = await createKey(db, organizationId, granted);
    const answer = await checkedInject(app, { url: '/v2/whoami', headers: bearer(key) });
    expect(answer.json().data.scopes).toEqual(held);
    const created = await codeOf({ method: 'POST', url: '/v2/creators', headers: bearer(key), payload: { name: 'x' } });
    expect(created).toBe(held.includes('write') ? '201' : '403 INSUFFICIENT_SCOPE');
  });

  test('whoami tells each key of an organization about itself', async () => {
    const own = await send('/whoami');
    const other = await checkedInject(app, { url: '/v2/whoami', headers: bearer(reader.apiKey) });
    expect(own.json().data).toMatchObject({
      type: 'whoami',
      organization_id: organizationId,
      api_key_name: 'Test key',
    });
    expect(other.json().data).toMatchObject({ organization_id: organizationId, api_key_id: reader.apiKeyId });
  });
});

describe('§2.1 formats', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'application/problem+json'])(
    'a body declared %s: 415',
    async (type) => {
      expect((await post('/creators', '{"name":"x"}', { 'content-type': type })).statusCode).toBe(415);
    },
  );

  test.each(['iso-8859-1', 'utf-16', '"latin1"'])('a body in %s: 415', async (charset) => {
    const answer = await post('/creators', '{"name":"x"}', { 'content-type': `application/json; charset=${charset}` });
    expect(answer.statusCode).toBe(415);
  });

  test('bytes that are not UTF-8: 400, never replaced', async () => {
    const payload = Buffer.from('{"name":"caf\xe9"}', 'latin1');
    const headers = { 'content-type': json };
    const answer = await send('/creators', { method: 'POST', payload, headers });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'BAD_REQUEST']);
  });

  test('__proto__ is a member like any other', async () => {
    const made = await post('/creators', '{"name":"x","metadata":{"__proto__":"a"},"__proto__":{"is_active":false}}');
    expect(made.statusCode).toBe(201);
    expect(made.json().data.is_active).toBe(true);
    expect(made.body).toContain('"metadata":{"__proto__":"a"}');
    const url = `/creators/${made.json().data.id}`;
    expect((await send(url)).body).toContain('"metadata":{"__proto__":"a"}');
    const patched = await send(url, { method: 'PATCH', payload: '{"__proto__":1}', headers: { 'content-type': json } });
    expect(patched.statusCode).toBe(422);
    expect(patched.json().errors).toEqual([{ field: '__proto__', message: 'is not a known member' }]);
    expect(Object.prototype).not.toHaveProperty('is_active');
  });

  test('a body that declares no type: 415', async () => {
    const headers = { ...bearer(apiKey), 'content-type': '' };
    expect(await codeOf({ method: 'POST', url: '/v2/creators', headers, payload: '{}' })).toBe(
      '415 UNSUPPORTED_MEDIA_TYPE',
    );
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'a body declared %s is read',
    async (type) => {
      expect((await post('/creators', '{"name":"x"}', { 'content-type': type })).statusCode).toBe(201);
    },
  );

  test('1 MiB is read, one byte more is 413', async () => {
    const head = '{"name":"x","padding":"';
    const sized = (bytes: number) => `${head}${'x'.repeat(bytes - head.length - 2)}"}`;
    expect((await post('/creators', sized(1024 * 1024))).statusCode).toBe(201);
    const refused = await post('/creators', sized(1024 * 1024 + 1));
    expect([refused.statusCode, refused.json().code]).toEqual([413, 'BAD_REQUEST']);
  });

  test.each(['{', '{"name":}', 'name', '{"name":"x"}}', '\u{feff}'])('%j is not JSON: 400', async (text) => {
    const answer = await post('/creators', text);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'BAD_REQUEST']);
  });

  test.each(['', 'null', '[]', '"text"', '5'])('%j is no object: 422, field body', async (text) => {
    const answer = await post('/creators', text);
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors[0].field).toBe('body');
  });

  test('DELETE takes no notice of a body', async () => {
    const created = (await post('/creators', { name: 'x' })).json().data.id;
    const answer = await send(`/creators/${created}`, {
      method: 'DELETE',
      payload: 'anything',
      headers: { 'content-type': 'text/plain' },
    });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
  });

  test('DELETE declares that it refuses a body beyond 1 MiB', async () => {
    const payload = 'x'.repeat(1024 * 1024 + 1);
    expect((await send(`/creators/${absent}`, { method: 'DELETE', payload })).statusCode).toBe(413);
  });

  test.each(['text/html', 'application/json;q=0', 'image/*'])('Accept: %s is 406', async (accept) => {
    expect((await send('/whoami', { headers: { accept } })).statusCode).toBe(406);
    expect((await send('/openapi.json', { headers: { accept } })).statusCode).toBe(406);
  });

  test('/docs answers whatever is accepted', async () => {
    const answer = await send('/docs', { headers: { accept: 'image/png' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('§2.1 routes', () => {
  test.each([
    ['PUT', '/v2/accounts', 'GET, HEAD, POST'],
    ['OPTIONS', '/v2/accounts', 'GET, HEAD, POST'],
    ['POST', `/v2/accounts/${absent}`, 'DELETE, GET, HEAD, PATCH'],
    ['PATCH', '/v2/account-videos/not-an-id', 'GET, HEAD'],
    ['DELETE', '/v2/health', 'GET, HEAD'],
    ['POST', '/v2/openapi.json', 'GET, HEAD'],
  ] as const)('%s %s is 405 with Allow: %s', async (method, url, allow) => {
    const answer = await checkedInject(app, { method, url });
    expect([answer.statusCode, answer.headers.allow, answer.json().code]).toEqual([405, allow, 'BAD_REQUEST']);
  });

  test.each([
    '/v2',
    '/v2/',
    '/v2/nothing',
    '/v2/accounts/',
    '/v2/accounts/a/b',
    '/v2/Accounts',
    '/v2/accounts/%zz',
    '/v2/..%2f',
  ])('%s is 404', async (url) => {
    const answer = await checkedInject(app, { url, headers: bearer(apiKey) });
    expect([answer.statusCode, answer.headers['content-type'], answer.json().code]).toEqual([
      404,
      'application/problem+json',
      'NOT_FOUND',
    ]);
  });

  test.each(['/accounts', '/creators', '/whoami', '/health', '/meta', '/openapi.json', '/docs'])(
    'HEAD %s has the status and headers of GET, and no body',
    async (path) => {
      const get = await send(path);
      const head = await send(path, { method: 'HEAD' });
      const comparable = ({
        date: _date,
        'x-request-id': _id,
        'x-ratelimit-remaining': _left,
        ...rest
      }: object & Record<string, unknown>) => rest;
      expect(head.statusCode).toBe(200);
      expect(head.body).toBe('');
      expect(comparable(head.headers)).toEqual(comparable(get.headers));
    },
  );

  test.each(['/accounts', '/openapi.json', '/docs', '/docs/assets/icon.svg'])(
    'the 304 of HEAD %s has the headers of that of GET',
    async (path) => {
      const headers = { 'if-none-match': String((await send(path)).headers.etag) };
      const get = await send(path, { headers });
      const head = await send(path, { method: 'HEAD', headers });
      expect([head.statusCode, head.body]).toEqual([304, '']);
      expect(Object.keys(head.headers).sort()).toEqual(Object.keys(get.headers).sort());
      expect(head.headers['content-length']).toBeUndefined();
    },
  );

  test('HEAD of what is not there is 404 without a body', async () => {
    const head = await send(`/accounts/${absent}`, { method: 'HEAD' });
    expect([head.statusCode, head.body]).toEqual([404, '']);
  });
});

describe('§2.11 request ids', () => {
  test('a usable one is echoed, on success and on failure', async () => {
    const headers = { 'x-request-id': 'abc-1' };
    expect((await send('/whoami', { headers })).headers['x-request-id']).toBe('abc-1');
    const failed = await send('/nothing', { headers });
    expect([failed.headers['x-request-id'], failed.json().request_id]).toEqual(['abc-1', 'abc-1']);
  });

  test('any other is replaced by a new UUID', async () => {
    const answer = await send('/whoami', { headers: { 'x-request-id': 'a b' } });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('§2.5, §2.6 lists', () => {
  test('Link tells the first page always, the next while there is one; absolute, on the host that was asked', async () => {
    for (const name of ['a', 'b', 'c']) await post('/creators', { name: `link ${name}` });
    const first = await send('/creators?limit=2&q=link', { headers: { host: 'api.example.com' } });
    const { next_cursor: cursor } = first.json().pagination;
    const base = 'http://api.example.com/v2/creators?limit=2&q=link';
    expect(first.headers.link).toBe(`<${base}>; rel="first", <${base}&cursor=${cursor}>; rel="next"`);
    const last = await send(`/creators?limit=2&q=link&cursor=${cursor}`);
    expect(last.headers.link).toBe('<http://localhost:80/v2/creators?limit=2&q=link>; rel="first"');
    expect(last.json().pagination).toEqual({ has_next: false, limit: 2, next_cursor: null });
  });

  test.each([
    ['limit=0', 'limit', 'must be between 1 and 200'],
    ['limit=201', 'limit', 'must be between 1 and 200'],
    ['cursor=nonsense', 'cursor', 'is not a valid cursor for this request'],
    ['cursor=', 'cursor', 'is not a valid cursor for this request'],
    ['order_by=size', 'order_by', 'must be one of: name'],
    ['sort=-size', 'sort', 'must be one of: name, -name'],
    ['order_direction=up', 'order_direction', 'must be one of: asc, desc'],
    ['include_total=maybe', 'include_total', 'must be a boolean'],
    ['is_active=2', 'is_active', 'must be a boolean'],
    ['limit=1&limit=2', 'limit', 'must be given only once'],
    ['q=%00', 'q', 'must not contain null characters or broken Unicode'],
  ])('?%s: 422 %s %s', async (query, field, message) => {
    const answer = await send(`/creators?${query}`);
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual([{ field, message }]);
  });

  test('all failing parameters are named, a malformed cursor too', async () => {
    const answer = await send('/creators?limit=0&cursor=x&sort=y&unknown=z');
    expect(answer.json().errors.map(({ field }: { field: string }) => field)).toEqual(['limit', 'sort', 'cursor']);
  });

  test('a cursor of another list is named with the other failing parameters, the right one is not', async () => {
    for (const name of ['a', 'b', 'c']) await post('/creators', { name: `named ${name}` });
    const { next_cursor: cursor } = (await send('/creators?limit=1&q=named')).json().pagination;
    const stranger = await createOrganization(db);
    const failing = async (path: string, key = apiKey) =>
      (await send(`${path}&cursor=${cursor}`, { headers: bearer(key) }))
        .json()
        .errors.map(({ field }: { field: string }) => field);
    const right = '/creators?q=named&order_by=name&limit=0';
    expect(await failing(right)).toEqual(['limit']);
    expect(await failing(`${right}&sort=y`)).toEqual(['limit', 'sort']);
    expect(await failing(right, stranger.apiKey)).toEqual(['limit', 'cursor']);
    expect(await failing(`${right}&order_direction=desc`)).toEqual(['limit', 'cursor']);
    expect(await failing(`${right}&is_active=true`)).toEqual(['limit', 'cursor']);
    expect(await failing(`${right}&is_active=2`)).toEqual(['limit', 'is_active', 'cursor']);
    expect(await failing('/accounts?q=named&limit=0')).toEqual(['limit', 'cursor']);
    expect(await failing('/account-videos?q=named&posted_after=x')).toEqual(['cursor', 'posted_after']);
  });

  test('a cursor is bound to its list, filters, sort and organization; limit may change', async () => {
    for (const name of ['a', 'b', 'c']) await post('/creators', { name: `bound ${name}` });
    const { next_cursor: cursor } = (await send('/creators?limit=1&q=bound')).json().pagination;
    const status = async (path: string, key = apiKey) => (await send(path, { headers: bearer(key) })).statusCode;
    expect(await status(`/creators?limit=2&q=bound&include_total=true&cursor=${cursor}`)).toBe(200);
    expect(await status(`/creators?limit=1&q=bound&order_by=name&order_direction=asc&cursor=${cursor}`)).toBe(200);
    expect(await status(`/creators?limit=1&q=other&cursor=${cursor}`)).toBe(422);
    expect(await status(`/creators?limit=1&cursor=${cursor}`)).toBe(422);
    expect(await status(`/creators?limit=1&q=bound&is_active=true&cursor=${cursor}`)).toBe(422);
    expect(await status(`/creators?limit=1&q=bound&sort=-name&cursor=${cursor}`)).toBe(422);
    expect(await status(`/accounts?limit=1&q=bound&cursor=${cursor}`)).toBe(422);
    const stranger = await createOrganization(db);
    expect(await status(`/creators?limit=1&q=bound&cursor=${cursor}`, stranger.apiKey)).toBe(422);
  });
});

test('the public URL makes the absolute links, where there is one', async () => {
  const proxied = await testApp(db, { config: { publicUrl: 'https://tally.example' } });
  const meta = await checkedInject(proxied, { url: '/v2/meta' });
  expect(meta.json().data).toEqual({
    type: 'api_meta',
    api_version: 'v2',
    status: 'current',
    docs_url: 'https://tally.example/v2/docs',
    openapi_url: 'https://tally.example/v2/openapi.json',
    whoami_url: 'https://tally.example/v2/whoami',
    deprecation: null,
    sunset: null,
  });
  const list = await checkedInject(proxied, { url: '/v2/accounts', headers: bearer(apiKey) });
  expect(list.headers.link).toBe('<https://tally.example/v2/accounts>; rel="first"');
  await proxied.close();
});
