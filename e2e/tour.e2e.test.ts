import { expect, it, vi } from 'vitest';
import { newDataDir } from './support/data-dir.ts';
import type { Api } from './support/api.ts';
import { tallylineJson } from './support/process.ts';
import { startServer } from './support/server.ts';

const handles = [
  { platform: 'instagram', username: 'nordic.kitchen' },
  { platform: 'instagram', username: 'slow_mornings' },
  { platform: 'tiktok', username: 'kettlebell.kim' },
];

it('a competitor set is tracked end to end, as the README tells it', async () => {
  const dataDir = newDataDir();
  const server = await startServer({ dataDir });
  const api = server.api(server.apiKey ?? '');

  const creatorId = await createsOnce(api);
  const accountIds: string[] = [];
  for (const handle of handles) accountIds.push(await isCollectedWithinASecond(api, handle));
  await linksAndUnlinks(api, creatorId, accountIds);
  await seriesIsSparse(api, creatorId);

  const demo = await tallylineJson<{ accounts: number }>(['demo', '--accounts', '5', '--days', '90'], {
    TALLYLINE_DATA_DIR: dataDir,
  });
  expect(demo.accounts).toBe(5);
  await demoSeriesIsFull(api);

  await answersNotModified(api, accountIds[0] ?? '');
  const other = await tallylineJson<{ organization_id: string; api_key: string }>(
    ['orgs', 'create', '--name', 'Other'],
    { TALLYLINE_DATA_DIR: dataDir },
  );
  await seesNothing(server.api(other.api_key), creatorId, accountIds);
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0 });
});

async function createsOnce(api: Api): Promise<string> {
  const create = () => api.send('POST', '/creators', { name: 'Competitor set' }, { 'idempotency-key': 'tour-1' });
  const [first, repeated] = [await create(), await create()];
  expect([first.status, repeated.status]).toEqual([201, 201]);
  expect(repeated.body).toEqual(first.body);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(repeated.headers.get('idempotent-replayed')).toBe('true');
  return first.body.data.id;
}

async function isCollectedWithinASecond(api: Api, handle: (typeof handles)[number]): Promise<string> {
  const created = await api.send('POST', '/accounts', handle);
  expect(created.status).toBe(201);
  expect(created.body.data).toMatchObject({ ...handle, last_scrape_time: null });
  const { id } = created.body.data;
  const account = await vi.waitFor(
    async () => {
      const { body } = await api.get(`/accounts/${id}`);
      expect(body.data.last_scrape_time).not.toBeNull();
      return body.data;
    },
    { timeout: 1_000, interval: 25 },
  );
  expect(account.follower_count).toBeGreaterThan(0);
  expect(account.source).toBe('sandbox');
  const posts = await api.get(`/account-videos?account_id=${id}&limit=200&include_total=true`);
  expect(posts.body.pagination.total_count).toBe(account.total_post_count);
  const views = posts.body.data.map((post: { view_count: number | null }) => post.view_count ?? 0);
  if (!posts.body.pagination.has_next) {
    expect(views.reduce((sum: number, value: number) => sum + value, 0)).toBe(account.view_count);
  }
  return id;
}

async function linksAndUnlinks(api: Api, creatorId: string, accountIds: string[]): Promise<void> {
  for (const id of accountIds) {
    const link = () => api.send('PUT', `/creators/${creatorId}/accounts/${id}`);
    expect([(await link()).status, (await link()).status]).toEqual([201, 200]);
  }
  const [first] = accountIds;
  expect((await api.send('DELETE', `/creators/${creatorId}/accounts/${first}`)).status).toBe(204);
  expect((await api.get(`/accounts/${first}`)).body.data).toMatchObject({ id: first, creator_id: null });
  const creator = await api.get(`/creators/${creatorId}`);
  expect(creator.body.data.accounts_summary).toMatchObject({ total: 2, platforms: { instagram: 1, tiktok: 1 } });
}

async function seriesIsSparse(api: Api, creatorId: string): Promise<void> {
  const series = await api.get(`/creators/${creatorId}/analytics/timeseries?period=30d`);
  expect(series.status).toBe(200);
  expect(series.body.data).toHaveLength(1);
  expect(series.body.data[0].followers).toBeGreaterThan(0);
}

async function demoSeriesIsFull(api: Api): Promise<void> {
  const accounts = await api.get('/accounts?limit=200&order_by=added_at&order_direction=asc');
  const oldest = accounts.body.data[0];
  const series = await api.get(`/accounts/${oldest.id}/analytics/timeseries?period=30d`);
  expect(series.body.data).toHaveLength(30);
  const today = series.body.meta.end_date;
  const custom = await api.get(
    `/accounts/${oldest.id}/analytics/timeseries?period=custom&start_date=${today}&end_date=${today}`,
  );
  expect(custom.body.data).toEqual(series.body.data.slice(-1));
}

async function answersNotModified(api: Api, accountId: string): Promise<void> {
  const first = await api.get(`/accounts/${accountId}`);
  const etag = first.headers.get('etag') ?? '';
  const second = await api.get(`/accounts/${accountId}`, { 'if-none-match': etag });
  expect(second).toMatchObject({ status: 304, body: null });
}

async function seesNothing(other: Api, creatorId: string, accountIds: string[]): Promise<void> {
  const paths = [`/creators/${creatorId}`, ...accountIds.map((id) => `/accounts/${id}`)];
  for (const path of paths) expect((await other.get(path)).status).toBe(404);
  expect((await other.get('/accounts')).body.data).toEqual([]);
}
