import { expect, test } from 'vitest';
import { startAcceptance } from '../support/acceptance.ts';

const { api, vendor, readAt, setClock } = await startAcceptance();
const ka = api();
const handles = [
  { platform: 'instagram', username: 'north_a' },
  { platform: 'tiktok', username: 'south_b' },
  { platform: 'instagram', username: 'west_c' },
] as const;
const show = (followers: number, views: number): void =>
  handles.forEach(({ platform, username }, i) =>
    vendor.show({
      platform,
      username,
      followers,
      posts: [{ id: `749000000000000000${i}`, createTime: '2026-02-01T00:00:00Z', views, likes: views / 10 }],
    }),
  );

let creator = '';
const accounts: string[] = [];

test('T1.1 a creator is made', async () => {
  const made = await ka.send('POST', '/creators', { name: 'Rivals' }, { 'idempotency-key': 'grp-1' });
  expect(made.status).toBe(201);
  creator = made.body.data.id;
  expect(made.headers.get('location')).toBe(`/v2/creators/${creator}`);
});

test('T1.2 the same again replays', async () => {
  const again = await ka.send('POST', '/creators', { name: 'Rivals' }, { 'idempotency-key': 'grp-1' });
  expect([again.status, again.body.data.id]).toEqual([201, creator]);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect((await ka.get('/creators')).body.data).toHaveLength(1);
});

test('T1.3 three accounts, not yet read', async () => {
  for (const [i, handle] of handles.entries()) {
    const made = await ka.send('POST', '/accounts', handle, { 'idempotency-key': `acc-${i}` });
    expect(made.status).toBe(201);
    expect(made.body.data).toMatchObject({ ...handle, last_scrape_time: null });
    accounts.push(made.body.data.id);
  }
});

test('T1.4 each is linked, without a body', async () => {
  for (const account of accounts) {
    const linked = await ka.send('PUT', `/creators/${creator}/accounts/${account}`);
    expect(linked.status).toBe(201);
    expect(linked.headers.get('location')).toBe(`/v2/creators/${creator}/accounts/${account}`);
    expect(linked.body.data).toEqual({
      type: 'creator_account_link',
      creator_id: creator,
      account_id: account,
      linked_at: '2026-03-02T09:00:00Z',
    });
  }
});

test('T1.5 the series before any reading is empty', async () => {
  const series = await ka.get(`/creators/${creator}/analytics/timeseries?period=30d`);
  expect(series.status).toBe(200);
  expect(series.body.data).toEqual([]);
  expect(series.body.meta).toMatchObject({ period: '30d', days: 30, first_reading_date: null });
});

test('T1.6 readings on two days with a gap make a list from the first to today', async () => {
  show(100, 1000);
  await readAt('2026-03-03T12:00:00Z', accounts);
  show(110, 1200);
  await readAt('2026-03-05T12:00:00Z', accounts);
  await setClock('2026-03-06T08:00:00Z');
  const series = await ka.get(`/creators/${creator}/analytics/timeseries?period=30d`);
  const points = series.body.data.map(({ date, views, followers }: Record<string, unknown>) => [
    date,
    views,
    followers,
  ]);
  expect(points).toEqual([
    ['2026-03-03', 0, 300],
    ['2026-03-04', null, null],
    ['2026-03-05', 600, 330],
    ['2026-03-06', null, null],
  ]);
  expect(series.body.meta.first_reading_date).toBe('2026-03-03');
});

test('T1.7 a custom window has the same points; without its end it is refused', async () => {
  const path = `/creators/${creator}/analytics/timeseries`;
  const all = await ka.get(`${path}?period=30d`);
  const custom = await ka.get(`${path}?period=custom&start_date=2026-03-03&end_date=2026-03-05`);
  expect(custom.body.data).toEqual(all.body.data.slice(0, 3));
  const later = await ka.get(`${path}?start_date=2026-03-04&end_date=2026-03-06`);
  expect(later.body.data, 'from the first day with a reading').toEqual(all.body.data.slice(2));
  const without = await ka.get(`${path}?period=custom&start_date=2026-03-04`);
  expect([without.status, without.body.errors]).toEqual([422, [{ field: 'end_date', message: 'is required' }]]);
});

test('T1.8 unlinking leaves the account', async () => {
  const path = `/creators/${creator}/accounts/${accounts[2]}`;
  expect((await ka.send('DELETE', path)).status).toBe(204);
  const account = await ka.get(`/accounts/${accounts[2]}`);
  expect([account.status, account.body.data.creator_id]).toEqual([200, null]);
  expect((await ka.send('DELETE', path)).status).toBe(404);
});
