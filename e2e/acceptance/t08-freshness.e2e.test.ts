import { beforeAll, describe, expect, test, vi } from 'vitest';
import { startAcceptance } from '../support/acceptance.ts';
import { addAccount } from '../support/books.ts';

const acceptance = await startAcceptance();
const { api, vendor, readAt } = acceptance;
const ka = api();
const A = { id: '7490000000000000001', createTime: '2026-02-20T08:00:00Z', likes: 5, comments: 2, shares: 1 };
const B = { id: '7490000000000000002', createTime: '2026-03-04T08:00:00Z' };
const show = (a: number, b?: number): void =>
  vendor.show({
    platform: 'instagram',
    username: 'north_a',
    followers: 100,
    posts: [...(b === undefined ? [] : [{ ...B, views: b }]), { ...A, views: a }],
  });
let id = '';

test('T8.1 an account is answered before it is read', async () => {
  show(1000);
  const { status, body } = await ka.send('POST', '/accounts', {
    platform: 'instagram',
    username: 'north_a',
    scrape_interval_hours: 6,
  });
  expect([status, body.data.added_at, body.data.last_scrape_time]).toEqual([201, '2026-03-02T09:00:00Z', null]);
  id = body.data.id;
});

test('T8.2 soon its counters are there', async () => {
  const account = await vi.waitFor(
    async () => {
      const { data } = (await ka.get(`/accounts/${id}`)).body;
      expect(data.last_scrape_time).toBe('2026-03-02T09:00:00Z');
      return data;
    },
    { timeout: 10_000, interval: 20 },
  );
  expect(account).toMatchObject({
    follower_count: 100,
    view_count: 1000,
    like_count: 5,
    comment_count: 2,
    share_count: 1,
    total_post_count: 1,
  });
});

test('T8.3 posts from before the tracking have gained nothing by one reading', async () => {
  const { body } = await ka.send('POST', '/accounts/metrics', { account_ids: [id], period: '30d' });
  expect(body.data).toEqual({ [id]: { views: 0, plays: 0, likes: 0, comments: 0, shares: 0, engagement: 0 } });
  expect(body.meta).toMatchObject({ days: 30, not_found: [] });
});

test('T8.4 unchanged is 304 and costs a request; a refresh is a new answer', async () => {
  const first = await ka.get(`/accounts/${id}`);
  const etag = first.headers.get('etag') ?? '';
  const same = await ka.get(`/accounts/${id}`, { 'if-none-match': etag });
  expect([same.status, same.body, same.headers.get('etag')]).toEqual([304, null, etag]);
  const remaining = (answer: typeof same) => Number(answer.headers.get('x-ratelimit-remaining'));
  expect(remaining(first) - remaining(same)).toBe(1);
  show(1040);
  await readAt('2026-03-02T16:00:00Z', [id]);
  const changed = await ka.get(`/accounts/${id}`, { 'if-none-match': etag });
  expect([changed.status, changed.body.data.view_count]).toEqual([200, 1040]);
  expect(changed.headers.get('etag')).not.toBe(etag);
});

describe('T8.5 the example of section 3', () => {
  const days = [40, 60, null, 290, 150];
  const window = 'start_date=2026-03-02&end_date=2026-03-06';
  const figures = async (path: string) => (await ka.get(path)).body.data;
  const views = (points: { views: number | null }[]) => points.map((point) => point.views);

  beforeAll(async () => {
    show(1100);
    await readAt('2026-03-03T12:00:00Z', [id]);
    show(1090, 300);
    await readAt('2026-03-05T12:00:00Z', [id]);
    show(1090, 450);
    await readAt('2026-03-06T12:00:00Z', [id]);
  });

  test('in the series and the snapshot of the account', async () => {
    expect(views(await figures(`/accounts/${id}/analytics/timeseries?${window}`))).toEqual(days);
    expect(views(await figures(`/accounts/${id}/analytics/timeseries?period=7d`))).toEqual(days);
    expect((await figures(`/accounts/${id}/analytics?${window}`)).views).toBe(540);
    expect((await figures(`/accounts/${id}/analytics?period=7d`)).views).toBe(540);
  });

  test('in parts of the window', async () => {
    expect((await figures(`/accounts/${id}/analytics?start_date=2026-03-03&end_date=2026-03-05`)).views).toBe(350);
    const dayOff = 'start_date=2026-03-04&end_date=2026-03-04';
    expect((await figures(`/accounts/${id}/analytics?${dayOff}`)).views).toBe(0);
    expect(await figures(`/accounts/${id}/analytics/timeseries?${dayOff}`)).toEqual([]);
  });

  test('of a creator that it is linked to', async () => {
    const { body } = await ka.send('POST', '/creators', { name: 'North' });
    await ka.send('PUT', `/creators/${body.data.id}/accounts/${id}`);
    expect(views(await figures(`/creators/${body.data.id}/analytics/timeseries?period=7d`))).toEqual(days);
    expect((await figures(`/creators/${body.data.id}/analytics?period=7d`)).views).toBe(540);
  });

  test('of its posts', async () => {
    const posts = (await ka.get('/account-videos')).body.data;
    const series = await Promise.all(
      posts.map(({ id }: { id: string }) => figures(`/account-videos/${id}/analytics/timeseries?${window}`)),
    );
    expect(series.map(views)).toEqual([
      [300, 150],
      [40, 60, null, -10, 0],
    ]);
  });

  test('in the metrics', async () => {
    const { body } = await ka.send('POST', '/accounts/metrics', { account_ids: [id], period: '7d' });
    expect(body.data[id].views).toBe(540);
  });

  test('of the organization', async () => {
    expect(views(await figures('/analytics/timeseries?period=7d'))).toEqual(days);
    expect((await figures('/analytics?period=7d')).views).toBe(540);
  });

  test('in the overview', async () => {
    const overview = await figures('/overview?period=7d');
    expect([overview.views, overview.current.total_views]).toEqual([540, 540]);
  });

  test('of another account, nothing', async () => {
    const other = await addAccount(acceptance, 'instagram', 'nobody_yet');
    expect(await figures(`/accounts/${other}/analytics/timeseries?period=7d`)).toEqual([]);
  });
});
