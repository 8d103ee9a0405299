import { afterEach, describe, expect, it } from 'vitest';
import { startVendorServer, type VendorServer } from '../../test/support/vendor-server.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import type { Limits } from './manifest.ts';

const limits: Limits = {
  requestTimeoutMs: 2000,
  connectTimeoutMs: 500,
  concurrency: 4,
  queue: 100,
  maxResponseBytes: 1000,
  retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 2, budgetPercent: 10 },
  breaker: { failures: 1000, halfOpenAfterMs: 60_000 },
  patienceMs: 0,
  rateLimitScope: 'key',
};

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

async function connect(answer: VendorServer['answer'], changed: Partial<Limits> = {}) {
  const vendor = await startVendorServer(answer);
  const headers = { authorization: 'Bearer a-secret' };
  const client = createHttpClient({
    name: 'vendor',
    baseUrl: `${vendor.url}/base/`,
    limits: { ...limits, ...changed },
    headers,
  });
  opened.push(vendor, client);
  return { vendor, client };
}

const get = (client: HttpClient, signal?: AbortSignal) =>
  client.get({ path: '/a', query: { q: 'x y', none: null }, signal });

describe('the client of every connector', () => {
  it('keeps the path of the base address, leaves out what is null, and never follows a redirect', async () => {
    const { vendor, client } = await connect(() => ({ status: 302, headers: { location: '/elsewhere' }, body: '' }));
    expect(await get(client)).toMatchObject({ ok: true, value: { status: 302, path: '/a' } });
    expect(vendor.requests).toMatchObject([
      { path: '/base/a', query: { q: 'x y' }, headers: { authorization: 'Bearer a-secret' } },
    ]);
  });

  it('tries once more after a cut connection or a server error, and gives the answer', async () => {
    for (const fault of [{ body: null }, { status: 503, body: '' }]) {
      const { vendor, client } = await connect(() => (vendor.requests.length === 1 ? fault : { body: '{}' }));
      expect(await get(client)).toMatchObject({ ok: true, value: { status: 200 } });
      expect(vendor.requests).toHaveLength(2);
    }
  });

  it('does not answer an outage with twice the load', async () => {
    const { vendor, client } = await connect(() => ({ status: 500, body: '' }));
    for (let count = 0; count < 30; count += 1) await get(client);
    expect(vendor.requests.length).toBeLessThanOrEqual(30 + 3 + 30 * 0.1);
  });

  it('gives up after its time-out, once', async () => {
    const { vendor, client } = await connect(() => ({ body: undefined }), { requestTimeoutMs: 50 });
    expect(await get(client)).toMatchObject({
      failure: { code: 'transient', message: 'vendor: GET /a: no complete answer in 50 ms' },
    });
    expect(vendor.requests).toHaveLength(1);
  });

  it('reads no more than it may', async () => {
    const { client } = await connect(() => ({ body: 'x'.repeat(5000) }));
    expect(await get(client)).toMatchObject({ failure: { code: 'upstream_changed' } });
  });

  it('asks nothing after failures in a row', async () => {
    const { vendor, client } = await connect(() => ({ body: null }), {
      breaker: { failures: 3, halfOpenAfterMs: 60_000 },
      retry: { ...limits.retry, budgetPercent: 0 },
    });
    for (let count = 0; count < 10; count += 1) await get(client);
    const asked = vendor.requests.length;
    expect(await get(client)).toMatchObject({ failure: { code: 'transient', retryAfterMs: 60_000 } });
    expect(vendor.requests).toHaveLength(asked);
    expect(asked).toBeLessThan(10);
  });

  it('has no more requests open than allowed, and refuses when too many wait', async () => {
    const { vendor, client } = await connect(() => ({ body: undefined }), {
      concurrency: 2,
      queue: 1,
      requestTimeoutMs: 100,
    });
    const results = await Promise.all([get(client), get(client), get(client), get(client)]);
    expect(vendor.requests.length).toBeLessThanOrEqual(3);
    expect(results.at(-1)).toMatchObject({
      failure: { code: 'transient', message: 'vendor: GET /a: too many requests are waiting' },
    });
  });

  it('ends when the caller does, without blaming the vendor', async () => {
    const { client } = await connect(() => ({ body: undefined }), {
      breaker: { failures: 1, halfOpenAfterMs: 60_000 },
    });
    expect(await get(client, AbortSignal.timeout(20))).toMatchObject({
      failure: { code: 'transient', message: 'vendor: GET /a: cancelled' },
    });
    expect(await get(client, AbortSignal.abort())).toMatchObject({ failure: { message: 'vendor: GET /a: cancelled' } });
    expect(await get(client, AbortSignal.timeout(20))).toMatchObject({
      failure: { message: 'vendor: GET /a: cancelled' },
    });
  });

  it('waits through a short pause and fails at once during a long one', async () => {
    const { vendor, client } = await connect(() => ({ body: '{}' }), { patienceMs: 200 });
    client.pause(30);
    expect(await get(client)).toMatchObject({ ok: true });
    client.pause(60_000);
    expect(await get(client)).toMatchObject({ failure: { code: 'rate_limited' } });
    expect(vendor.requests).toHaveLength(1);
  });

  it('asks nobody who has waited for a place when a pause has begun meanwhile, and takes that for no failure', async () => {
    const { vendor, client } = await connect(
      () => {
        client.pause(60_000);
        return { body: '{}' };
      },
      { concurrency: 1, breaker: { failures: 1, halfOpenAfterMs: 60_000 } },
    );
    const results = await Promise.all([get(client), get(client), get(client)]);
    expect(results.map((result) => (result.ok ? 'ok' : result.failure.code))).toEqual([
      'ok',
      'rate_limited',
      'rate_limited',
    ]);
    expect(vendor.requests).toHaveLength(1);
  });

  it('says that a machine does not answer, without a secret', async () => {
    const client = createHttpClient({
      name: 'vendor',
      baseUrl: 'http://127.0.0.1:1',
      limits,
      headers: { 'x-api-key': 'a-secret' },
    });
    opened.push(client);
    const result = await get(client);
    expect(result).toMatchObject({ failure: { code: 'transient' } });
    expect(JSON.stringify(result)).not.toContain('a-secret');
  });

  it('posts JSON and forms, and sends a second time only what may be repeated', async () => {
    const { vendor, client } = await connect(() => ({ status: 500, body: '' }));
    const form = { grant_type: 'client_credentials', client_key: 'a b' };
    const once = await client.post({ path: '/runs', query: {}, body: { json: { id: '1' } }, isRepeatable: false });
    expect(once).toMatchObject({ ok: true, value: { method: 'POST', path: '/runs', status: 500 } });
    expect(vendor.requests.splice(0)).toMatchObject([
      { method: 'POST', path: '/base/runs', body: '{"id":"1"}', headers: { 'content-type': 'application/json' } },
    ]);
    await client.post({ path: '/token', query: {}, body: { form }, isRepeatable: true });
    const type = 'application/x-www-form-urlencoded';
    const sent = { body: 'grant_type=client_credentials&client_key=a+b', headers: { 'content-type': type } };
    expect(vendor.requests).toMatchObject([sent, sent]);
  });

  it('takes a status above 500 for an answer where the vendor means one, and leaves the breaker alone', async () => {
    const { vendor, client } = await connect(() => ({ status: 520, body: '{}' }), {
      answersAbove500: [520],
      breaker: { failures: 1, halfOpenAfterMs: 60_000 },
    });
    for (let count = 0; count < 3; count += 1) expect(await get(client)).toMatchObject({ value: { status: 520 } });
    expect(vendor.requests).toHaveLength(3);
  });

  it('says which request failed', async () => {
    const { client } = await connect(() => ({ body: null }));
    const result = await client.post({ path: '/runs', query: {}, body: { json: {} }, isRepeatable: false });
    expect(result).toMatchObject({ failure: { message: expect.stringContaining('vendor: POST /runs: ') } });
  });

  it('starts requests as far apart as it is told, retries included', async () => {
    const startedAt: number[] = [];
    const answer = () => {
      startedAt.push(performance.now());
      return { status: startedAt.length === 1 ? 503 : 200, body: '' };
    };
    const { client } = await connect(answer, { pace: { intervalMs: 80, jitterMs: 20 } });
    await Promise.all([get(client), get(client)]);
    const gaps = startedAt.slice(1).map((at, i) => at - (startedAt[i] ?? 0));
    expect(gaps).toHaveLength(2);
    // Timers may fire a millisecond early, and the first byte takes its time.
    expect(Math.min(...gaps)).toBeGreaterThan(60);
  });

  it('does not keep a caller who has gone in the queue', async () => {
    const { vendor, client } = await connect(() => ({ body: '' }), { pace: { intervalMs: 60_000, jitterMs: 0 } });
    await get(client);
    expect(await get(client, AbortSignal.timeout(20))).toMatchObject({
      failure: { code: 'transient', message: 'vendor: GET /a: cancelled' },
    });
    expect(vendor.requests).toHaveLength(1);
  });
});
