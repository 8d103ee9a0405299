import { beforeAll, expect, test, vi } from 'vitest';
import { type Item, startAcceptance } from '../support/acceptance.ts';
import { addAccount, addCreator, fieldsOf, fixturePosts, sum } from '../support/books.ts';
import { killPostmaster } from '../support/data-dir.ts';
import { shortcodeOf } from '../support/fixture-vendor.ts';
import { tallylineJson } from '../support/process.ts';

const acceptance = await startAcceptance({ settings: { TALLYLINE_RATE_LIMIT: '100000' } });
const { api, KR, KX, KB, dataDir, organizationIds, readAt, restart, setClock, vendor } = acceptance;
const start = Date.parse('2026-03-02T09:00:00Z');
const random = '01a1fb87-c21b-7af4-b46d-338a22b86c44';

let hours = 0;
const timeIn = (more: number): string =>
  new Date(start + (hours += more) * 3_600_000).toISOString().replace('.000', '');
const advance = async (more: number): Promise<void> => setClock(timeIn(more));
const read = async (more: number, ...ids: string[]): Promise<void> => readAt(timeIn(more), ids);
const send = async (method: string, path: string, body?: unknown, headers?: Record<string, string>, key?: string) =>
  api(key).send(method, path, body, headers);
const get = async (path: string, key?: string) => api(key).get(path);
const refused = async (answer: ReturnType<typeof send>): Promise<[number, string[]]> => {
  const { status, body } = await answer;
  return [status, fieldsOf(body)];
};

/** One of each kind in O1, with readings. */
const made = { account: '', creator: '', post: '', internal: 0, video: '' };

beforeAll(async () => {
  made.account = await addAccount(acceptance, 'tiktok', 'probe');
  made.creator = await addCreator(acceptance, 'Probe', [made.account]);
  vendor.show({ platform: 'tiktok', username: 'probe', followers: 9, posts: fixturePosts(3, '2026-02-01', () => 70) });
  await read(24, made.account);
  const [post] = (await get('/account-videos?order_direction=asc')).body.data;
  Object.assign(made, { post: post.id, internal: post.internal_id });
  made.video = (await send('POST', '/videos', { platform: 'tiktok', identifier: '7490000000000000000' })).body.data.id;
});

test('T11 #1 a cursor belongs to its sort, filter and path, not to its limit', async () => {
  const { next_cursor: cursor } = (await get('/account-videos?limit=1')).body.pagination;
  const others = ['/account-videos?order_by=view_count&', '/account-videos?platform=tiktok&', '/accounts?'];
  for (const path of others) expect(await refused(get(`${path}cursor=${cursor}`))).toEqual([422, ['cursor']]);
  expect((await get(`/account-videos?limit=2&cursor=${cursor}`)).status).toBe(200);
});

test('T11 #2 an account has one creator', async () => {
  const account = await addAccount(acceptance, 'instagram', 'probe_2');
  const [first, second] = [await addCreator(acceptance, 'First'), await addCreator(acceptance, 'Second')];
  const link = async (creator: string) => (await send('PUT', `/creators/${creator}/accounts/${account}`)).status;
  expect([await link(first), await link(first), await link(second)]).toEqual([201, 200, 409]);
  expect((await send('PATCH', `/accounts/${account}`, { creator_id: second })).status).toBe(409);
});

test('T11 #3 a reading key writes nothing, and may ask batches', async () => {
  const write = await send('POST', '/accounts', { platform: 'tiktok', username: 'probe_3' }, {}, KR);
  expect([write.status, write.body.code]).toEqual([403, 'INSUFFICIENT_SCOPE']);
  expect((await send('POST', '/videos/deltas', { video_ids: [made.post] }, {}, KR)).status).toBe(200);
});

test('T11 #4 no key, a wrong key, a disabled key', async () => {
  const without = await api().raw('GET', '/accounts', { authorization: '' });
  const wrong = await get('/accounts', `tga_${'0'.repeat(64)}`);
  const disabled = await get('/accounts', KX);
  expect([without, wrong, disabled].map(({ status, body }) => [status, body.code])).toEqual([
    [401, 'UNAUTHORIZED'],
    [401, 'UNAUTHORIZED'],
    [403, 'FORBIDDEN'],
  ]);
  expect(without.headers.get('www-authenticate')).toBe('Bearer');
});

test('T11 #5 no other type comes in or goes out', async () => {
  const text = await api().raw('POST', '/creators', { 'content-type': 'text/plain' }, '{"name":"x"}');
  const html = await api().get('/accounts', { accept: 'text/html' });
  expect([text.status, text.body.code, html.status, html.body.code]).toEqual([
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    406,
    'NOT_ACCEPTABLE',
  ]);
});

test('T11 #6 broken JSON, and a byte too much', async () => {
  const json = { 'content-type': 'application/json' };
  const broken = await api().raw('POST', '/creators', json, '{"name":');
  const large = await api().raw('POST', '/creators', json, JSON.stringify({ name: 'x' }).padEnd(1024 * 1024 + 1));
  expect([broken.status, broken.body.code, large.status, large.body.code]).toEqual([
    400,
    'BAD_REQUEST',
    413,
    'BAD_REQUEST',
  ]);
});

test('T11 #7 one account too many', async () => {
  const quota = async (number: string) =>
    tallylineJson(['orgs', 'set', '--org', organizationIds[1], '--account-quota', number], {
      TALLYLINE_DATA_DIR: dataDir,
    });
  await quota('1');
  const add = async (username: string) => send('POST', '/accounts', { platform: 'tiktok', username }, {}, KB);
  expect((await add('quota_1')).status).toBe(201);
  const { status, body } = await add('quota_2');
  expect([status, body.code, body.type]).toEqual([403, 'QUOTA_EXCEEDED', 'urn:creatoraudit:error:quota-exceeded']);
  await quota('none');
});

test('T11 #8 an unknown platform', async () => {
  const { status, body } = await send('POST', '/accounts', { platform: 'youtube', username: 'x' });
  expect([status, body.errors]).toEqual([422, [{ field: 'platform', message: 'must be one of: instagram, tiktok' }]]);
});

test('T11 #9 one key, one creator', async () => {
  const create = async (name: string, key = 'probe-9') =>
    send('POST', '/creators', { name }, { 'idempotency-key': key });
  const [first, again, other] = [await create('Nine'), await create('Nine'), await create('Ten')];
  expect([first.status, again.status, other.status]).toEqual([201, 201, 422]);
  expect([again.body.data.id, again.headers.get('idempotent-replayed')]).toEqual([first.body.data.id, 'true']);
  expect(fieldsOf(other.body)).toEqual(['Idempotency-Key']);

  const both = await Promise.all([create('Twice', 'probe-9b'), create('Twice', 'probe-9b')]);
  expect(both.map(({ status }) => status)).toContain(201);
  for (const { status } of both) expect([201, 409]).toContain(status);
  expect((await get('/creators?q=twice')).body.data).toHaveLength(1);
});

test('T11 #10 a key is remembered over a restart, for a day', async () => {
  const create = async (key: string) => send('POST', '/creators', { name: 'Ten' }, { 'idempotency-key': key });
  expect(await refused(create('k'.repeat(256)))).toEqual([422, ['Idempotency-Key']]);
  const first = await create('probe-10');
  await restart();
  const replayed = await create('probe-10');
  expect([replayed.body.data.id, replayed.headers.get('idempotent-replayed')]).toEqual([first.body.data.id, 'true']);
  await advance(24.5);
  const later = await create('probe-10');
  expect([later.status, later.headers.get('idempotent-replayed')]).toEqual([201, null]);
  expect(later.body.data.id).not.toBe(first.body.data.id);
});

test('T11 #11 a refused request uses up no key', async () => {
  const create = async (name: unknown) => send('POST', '/creators', { name }, { 'idempotency-key': 'probe-11' });
  expect([(await create(7)).status, (await create('Seven')).status]).toEqual([422, 201]);
});

test('T11 #12 links to the first and the next page', async () => {
  const first = await get('/account-videos?limit=2');
  const relations = (link: string | null) => [...(link ?? '').matchAll(/rel="(\w+)"/g)].map(([, relation]) => relation);
  expect(relations(first.headers.get('link'))).toEqual(['first', 'next']);
  const last = await get(`/account-videos?limit=2&cursor=${first.body.pagination.next_cursor}`);
  expect(relations(last.headers.get('link'))).toEqual(['first']);
});

test('T11 #13 another organization finds nothing', async () => {
  const paths = [
    `/accounts/${made.account}`,
    `/creators/${made.creator}`,
    `/videos/${made.video}`,
    `/account-videos/${made.post}`,
  ];
  for (const path of paths) {
    for (const suffix of ['', '/analytics', '/analytics/timeseries']) {
      expect([path, suffix, (await get(path + suffix, KB)).status]).toEqual([path, suffix, 404]);
    }
  }
  for (const path of paths.slice(0, 3)) {
    expect((await send('PATCH', path, { metadata: null }, {}, KB)).status).toBe(404);
    expect((await send('DELETE', path, undefined, {}, KB)).status).toBe(404);
    expect((await get(path)).status).toBe(200);
  }
  const link = `/creators/${made.creator}/accounts/${made.account}`;
  expect((await send('PUT', link, undefined, {}, KB)).status).toBe(404);
  expect((await send('DELETE', link, undefined, {}, KB)).status).toBe(404);
});

test('T11 #14 in batches they are not found, as filters they match nothing', async () => {
  const batches: [string, object, string[]][] = [
    ['/videos/deltas', { video_ids: [made.post, made.video] }, [made.post, made.video]],
    ['/videos/metrics', { video_ids: [made.video] }, [made.video]],
    ['/accounts/metrics', { account_ids: [made.account] }, [made.account]],
    ['/account-videos/metrics', { tiktok_video_ids: [made.internal] }, [String(made.internal)]],
  ];
  for (const [path, body, missing] of batches) {
    const answer = await send('POST', path, body, {}, KB);
    expect([answer.status, answer.body.data, answer.body.meta.not_found]).toEqual([200, {}, missing]);
  }
  for (const path of [`/accounts?creator_id=${made.creator}`, `/account-videos?account_id=${made.account}`]) {
    const answer = await get(path, KB);
    expect([answer.status, answer.body.data]).toEqual([200, []]);
    expect((await get(path)).body.data.length).toBeGreaterThan(0);
  }
});

test('T11 #15 a malformed id', async () => {
  expect((await get('/accounts/not-a-uuid')).status).toBe(404);
  expect(await refused(get('/accounts?creator_id=x'))).toEqual([422, ['creator_id']]);
});

test('T11 #16 an unknown route, a wrong method', async () => {
  const unknown = await get('/nothing-here');
  expect([unknown.status, unknown.body.code]).toEqual([404, 'NOT_FOUND']);
  const wrong = await send('PUT', '/accounts');
  expect([wrong.status, wrong.body.code]).toEqual([405, 'BAD_REQUEST']);
  expect(wrong.headers.get('allow')).toMatch(/\bGET\b.*\bPOST\b/);
});

test('T11 #17 HEAD is GET without the body', async () => {
  const [head, full] = [await api().raw('HEAD', '/accounts', {}), await get('/accounts')];
  expect([head.status, head.body]).toEqual([200, null]);
  for (const name of ['etag', 'cache-control', 'content-type', 'content-length', 'link']) {
    expect([name, head.headers.get(name)]).toEqual([name, full.headers.get(name)]);
  }
});

test('T11 #18 a handle in any form is one handle', async () => {
  const add = async (username: string) => send('POST', '/accounts', { platform: 'instagram', username });
  const first = await add(' @North_A ');
  expect([first.status, first.body.data.username]).toEqual([201, 'north_a']);
  expect((await add('https://www.instagram.com/North_A/?x=1')).status).toBe(409);
});

test('T11 #19 what is no handle', async () => {
  const wrong = [
    ['instagram', 'x'.repeat(31)],
    ['tiktok', 'a'],
    ['tiktok', 'abc.'],
    ['tiktok', 'has space'],
    ['instagram', 'has space'],
  ];
  for (const [platform, username] of wrong) {
    expect(await refused(send('POST', '/accounts', { platform, username }))).toEqual([422, ['username']]);
  }
});

test('T11 #20 what an account cannot become', async () => {
  const wrong: [object, string][] = [
    [{}, 'body'],
    [{ username: 'x' }, 'username'],
    [{ scrape_interval_hours: 5 }, 'scrape_interval_hours'],
    [{ scrape_interval_hours: 721 }, 'scrape_interval_hours'],
    [{ max_recent_posts_per_account: 5001 }, 'max_recent_posts_per_account'],
    [{ post_lookback_days: 3651 }, 'post_lookback_days'],
  ];
  for (const [body, field] of wrong) {
    expect(await refused(send('PATCH', `/accounts/${made.account}`, body))).toEqual([422, [field]]);
  }
});

test('T11 #21 what metadata cannot hold', async () => {
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, i]));
  const wrong: [object, string][] = [
    [many, 'metadata'],
    [{ tags: ['a'] }, 'metadata.tags'],
    [{ tags: 'x'.repeat(256) }, 'metadata.tags'],
  ];
  for (const [metadata, field] of wrong) {
    expect(await refused(send('PATCH', `/accounts/${made.account}`, { metadata }))).toEqual([422, [field]]);
  }
});

test('T11 #22 a creator resumes what it paused', async () => {
  const [running, paused] = [
    await addAccount(acceptance, 'tiktok', 'probe_22a'),
    await addAccount(acceptance, 'tiktok', 'probe_22b'),
  ];
  await send('PATCH', `/accounts/${paused}`, { is_active: false });
  const creator = await addCreator(acceptance, 'Pausing', [running, paused]);
  const states = async () =>
    Promise.all([running, paused].map(async (id) => (await get(`/accounts/${id}`)).body.data.is_active));
  await send('PATCH', `/creators/${creator}`, { is_active: false });
  expect(await states()).toEqual([false, false]);
  await send('PATCH', `/creators/${creator}`, { is_active: true });
  expect(await states()).toEqual([true, false]);
});

test('T11 #23 a deleted account is kept for 30 days', async () => {
  const handle = { platform: 'tiktok', username: 'probe_23' } as const;
  vendor.show({ ...handle, followers: 9, posts: fixturePosts(1, '2026-02-01', () => 70) });
  const id = await addAccount(acceptance, handle.platform, handle.username);
  await read(24, id);
  const [day] = timeIn(0).split('T');
  const series = async (account: string) =>
    (await get(`/accounts/${account}/analytics/timeseries?period=90d`)).body.data.map(({ date }: Item) => date);
  const before = await series(id);
  expect(before).toContain(day);

  const drop = async () => (await send('DELETE', `/accounts/${id}`)).status;
  expect([await drop(), (await get(`/accounts/${id}`)).status, await drop()]).toEqual([204, 404, 404]);
  await advance(29 * 24);
  const revived = await send('POST', '/accounts', handle);
  expect([revived.status, revived.body.data.id]).toEqual([201, id]);
  expect((await series(id)).slice(0, before.length)).toEqual(before);

  expect(await drop()).toBe(204);
  await advance(31 * 24);
  const anew = await send('POST', '/accounts', handle);
  expect(anew.status).toBe(201);
  expect(anew.body.data.id).not.toBe(id);
  expect(anew.body.data.last_scrape_time).toBeNull();
  expect(await series(anew.body.data.id)).not.toContain(day);
});

test('T11 #24 a creator goes, its accounts stay', async () => {
  const account = await addAccount(acceptance, 'tiktok', 'probe_24');
  const creator = await addCreator(acceptance, 'Going', [account]);
  const other = await addCreator(acceptance, 'Staying');
  expect((await send('DELETE', `/creators/${other}/accounts/${account}`)).status).toBe(404);
  expect((await send('DELETE', `/creators/${creator}`)).status).toBe(204);
  expect((await get(`/accounts/${account}`)).body.data).toMatchObject({ creator_id: null, is_active: true });
});

test('T11 #25 the bounds of a window', async () => {
  const today = timeIn(0).slice(0, 10);
  const day = (daysAgo: number) => new Date(Date.parse(today) - daysAgo * 86_400_000).toISOString().slice(0, 10);
  const ask = async (first: string, last: string) =>
    (await get(`/accounts/${made.account}/analytics?period=custom&start_date=${first}&end_date=${last}`)).status;
  expect(await ask(day(365), today)).toBe(200);
  expect([await ask(day(366), today), await ask(today, day(-1)), await ask(today, day(1))]).toEqual([422, 422, 422]);
});

test('T11 #26 the bounds of post metrics', async () => {
  const ask = async (body: object) => send('POST', '/account-videos/metrics', body);
  const ids = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  expect(await refused(ask({}))).toEqual([422, ['body']]);
  expect(await refused(ask({ instagram_post_ids: ids(101), tiktok_video_ids: ids(100) }))).toEqual([422, ['body']]);
  const { body } = await ask({ instagram_post_ids: [made.internal] });
  expect([body.data, body.meta.not_found]).toEqual([{}, [String(made.internal)]]);
  expect(Object.keys((await ask({ tiktok_video_ids: [made.internal] })).body.data)).toEqual([String(made.internal)]);
});

test('T11 #27 a search needs something to search for', async () => {
  expect(await refused(get('/search'))).toEqual([422, ['q']]);
  const blank = await get('/search?q=%20%20');
  expect([blank.status, blank.body.data]).toEqual([200, { accounts: [], creators: [], videos: [] }]);
  expect(await refused(get(`/search?q=${'x'.repeat(129)}`))).toEqual([422, ['q']]);
});

test('T11 #28 without its database the server says so, and recovers', async () => {
  killPostmaster(dataDir, 'SIGKILL');
  await vi.waitFor(
    async () => {
      const [health, list] = await Promise.all([get('/health'), get('/accounts')]);
      expect([health.status, list.status]).toEqual([503, 503]);
      expect(Number(health.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(Number(list.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(health.body.checks.database).toBe('down');
    },
    { timeout: 5_000, interval: 5 },
  );
  await vi.waitFor(async () => expect((await get('/accounts')).status).toBe(200), { timeout: 20_000, interval: 100 });
});

test('T11 #29 a falling counter is a negative day', async () => {
  const show = (views: number): void =>
    vendor.show({
      platform: 'tiktok',
      username: 'probe_29',
      followers: 9,
      posts: fixturePosts(1, '2026-02-01', () => views),
    });
  show(1000);
  const id = await addAccount(acceptance, 'tiktok', 'probe_29');
  await readAt(timeIn(0), [id]);
  for (const views of [1500, 1400]) {
    show(views);
    await read(24, id);
  }
  const points = (await get(`/accounts/${id}/analytics/timeseries?period=7d`)).body.data;
  expect(points.map(({ views }: Item) => views)).toEqual([0, 500, -100]);
  expect((await get(`/accounts/${id}/analytics?period=7d`)).body.data.views).toBe(sum(points, 'views'));
});

test('T11 #30 a post that is held as both kinds counts once', async () => {
  const id = await addAccount(acceptance, 'tiktok', 'probe_30', {}, KB);
  const [post] = fixturePosts(1, '2026-02-01', () => 0);
  const identifier = '7490000000000000777';
  const video = await send('POST', '/videos', { platform: 'tiktok', identifier }, {}, KB);
  expect(video.status).toBe(201);
  for (const views of [1000, 1300]) {
    const posts = [{ id: identifier, createTime: post?.createTime ?? '', views }];
    vendor.show({ platform: 'tiktok', username: 'probe_30', followers: 9, posts });
    const time = timeIn(24);
    await setClock(time);
    await vi.waitFor(
      async () => {
        for (const path of [`/accounts/${id}`, `/videos/${video.body.data.id}`]) {
          const { data } = (await get(path, KB)).body;
          expect([path, data.last_scrape_time, data.view_count]).toEqual([path, time, views]);
        }
      },
      { timeout: 15_000, interval: 50 },
    );
  }
  const views = async (path: string) => (await get(`${path}?period=7d`, KB)).body.data.views;
  expect(await views(`/accounts/${id}/analytics`)).toBe(300);
  expect(await views(`/videos/${video.body.data.id}/analytics`)).toBe(300);
  expect(await views('/analytics')).toBe(300);
  const overview = (await get('/overview', KB)).body.data;
  expect(overview.current).toMatchObject({ total_views: 300, account_videos: 1, tracked_videos: 1 });
});

test('T11 #31 a post by URL, by short code and by id is one post', async () => {
  const id = '3540614075954356349';
  const code = shortcodeOf(id);
  const statuses: number[] = [];
  for (const identifier of [`https://www.instagram.com/reel/${code}/?igsh=x`, code, id]) {
    statuses.push((await send('POST', '/videos', { platform: 'instagram', identifier })).status);
  }
  expect(statuses).toEqual([201, 409, 409]);
});

test('T11 #32 a request id is echoed when it is one', async () => {
  const idOf = async (sent: string) =>
    (await api().get('/whoami', { 'x-request-id': sent })).headers.get('x-request-id');
  expect(await idOf('abc-1')).toBe('abc-1');
  expect(await idOf('abc 1')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(await idOf(random)).toBe(random);
});
