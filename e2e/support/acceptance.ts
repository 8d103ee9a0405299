import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, expect, vi } from 'vitest';
import { type Api, createApi } from './api.ts';
import { newDataDir } from './data-dir.ts';
import { type FixtureVendor, startFixtureVendor } from './fixture-vendor.ts';
import { type Started, startProgram } from './process.ts';
import { readyUrl } from './server.ts';
import type { Order, Reply, Tenants } from './settable-server.ts';

const program = resolve(import.meta.dirname, 'settable-server.ts');

/** Contract §7, "Setup": a started server with the tenants, the fixture collector and the settable clock. */
export interface Acceptance extends Tenants {
  dataDir: string;
  vendor: FixtureVendor;
  url: () => string;
  /** /v2 as a key sees it; KA unless named. */
  api: (apiKey?: string) => Api;
  setClock: (time: string) => Promise<void>;
  /** Sets the clock and waits until these accounts were read at that time. */
  readAt: (time: string, accountIds: readonly string[]) => Promise<void>;
  /** Another process on the same database, with the same clock: a second replica of the API. */
  replica: () => Promise<string>;
  /** Every item of a cursor list, page by page. */
  walk: (path: string, apiKey?: string) => Promise<Item[]>;
  restart: () => Promise<void>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- any JSON: tests read what they assert
export type Item = any;

interface Options {
  clock?: string;
  settings?: Record<string, string>;
}

/** Call it at the top of the file: one server serves all its tests. */
export async function startAcceptance({
  clock = '2026-03-02T09:00:00Z',
  settings = {},
}: Options = {}): Promise<Acceptance> {
  const dataDir = newDataDir(afterAll);
  const vendor = await startFixtureVendor();
  afterAll(() => vendor.close());
  let now = clock;
  const running: Started[] = [];
  const start = async (command: 'serve' | 'api'): Promise<string> => {
    const started = startProgram(program, [command, now], {
      TALLYLINE_DATA_DIR: dataDir,
      TALLYLINE_PORT: '0',
      TALLYLINE_SOURCES: 'scrapecreators',
      TALLYLINE_SCRAPECREATORS_URL: vendor.url,
      TALLYLINE_SCRAPECREATORS_KEY: 'fixture-key',
      ...settings,
    });
    running.push(started);
    return readyUrl(started);
  };
  afterAll(() => Promise.all(running.map(end)));
  let url = await start('serve');
  const { tenants } = await order(running, { tenants: true });
  if (tenants === undefined) throw new Error('no tenants');

  const setClock = async (time: string): Promise<void> => {
    now = time;
    await order(running, { set: time });
  };
  const api: Acceptance['api'] = (apiKey = tenants.KA) => checked(createApi(url, apiKey));
  return {
    ...tenants,
    dataDir,
    vendor,
    url: () => url,
    api,
    setClock,
    readAt: async (time, accountIds) => {
      await setClock(time);
      await vi.waitFor(() => expectReadAt(api(), time, accountIds), { timeout: 15_000, interval: 50 });
    },
    replica: () => start('api'),
    walk: (path, apiKey) => walk(api(apiKey), path),
    restart: async () => {
      await Promise.all(running.splice(0).map(end));
      url = await start('serve');
    },
  };
}

async function walk(api: Api, path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor = ''; ; ) {
    const join = path.includes('?') ? '&' : '?';
    const { status, body } = await api.get(cursor === '' ? path : `${path}${join}cursor=${cursor}`);
    expect(status, JSON.stringify(body)).toBe(200);
    items.push(...body.data);
    if (!body.pagination.has_next) return items;
    cursor = body.pagination.next_cursor;
  }
}

async function expectReadAt(api: Api, time: string, accountIds: readonly string[]): Promise<void> {
  for (const id of accountIds) {
    const { body } = await api.get(`/accounts/${id}`);
    expect(body.data?.last_scrape_time, JSON.stringify(body)).toBe(time);
  }
}

async function order(running: readonly Started[], what: Order): Promise<Reply> {
  const replies = await Promise.all(
    running.map(async ({ child }) => {
      const replied = once(child, 'message');
      child.send(what);
      const [reply] = (await replied) as [Reply];
      if (reply.error !== undefined) throw new Error(reply.error);
      return reply;
    }),
  );
  return replies[0] ?? {};
}

async function end({ child, ended }: Started): Promise<void> {
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(killer);
}

/** What §7 asks of every answer: its request id, and the state of the key's limit. */
function checked(api: Api): Api {
  const raw: Api['raw'] = async (method, path, headers, body) =>
    check(path, await api.raw(method, path, headers, body));
  const send: Api['send'] = async (method, path, body, headers) =>
    check(path, await api.send(method, path, body, headers));
  return { raw, send, get: (path, headers) => send('GET', path, undefined, headers) };
}

function check(path: string, answer: Awaited<ReturnType<Api['get']>>): typeof answer {
  const { headers, status } = answer;
  expect(headers.get('x-request-id'), path).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  const limits = ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));
  const isExempt = /^\/(health|meta)/.test(path);
  if (isExempt) expect(limits, path).toEqual([null, null, null]);
  else if (status < 500) for (const limit of limits) expect(limit, path).toMatch(/^\d+$/);
  return answer;
}
