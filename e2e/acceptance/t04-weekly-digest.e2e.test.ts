import { beforeAll, expect, test } from 'vitest';
import { startAcceptance } from '../support/acceptance.ts';
import { addAccount, addCreator, fieldsOf } from '../support/books.ts';

const acceptance = await startAcceptance();
const { api, KB, vendor, readAt } = acceptance;
const ka = api();

beforeAll(async () => {
  const accountId = await addAccount(acceptance, 'tiktok', 'north_a');
  await addCreator(acceptance, 'North', [accountId]);
  const post = {
    id: '7490000000000000000',
    createTime: '2026-03-02T12:00:00Z',
    views: 500,
    likes: 40,
    comments: 5,
    shares: 5,
  };
  vendor.show({ platform: 'tiktok', username: 'north_a', followers: 120, posts: [post] });
  await readAt('2026-03-03T12:00:00Z', [accountId]);
});

test('T4.1 the week in figures', async () => {
  const { status, body } = await ka.get('/overview?period=7d');
  expect([status, body.data.type]).toEqual([200, 'overview']);
  expect(body.data).toMatchObject({ views: 500, likes: 40, comments: 5, shares: 5, followers: 120 });
  expect(body.data.current).toEqual({
    total_views: 500,
    engagement_rate: 10,
    active_accounts: 1,
    account_videos: 1,
    tracked_videos: 0,
  });
});

test('T4.2 a week is the default, and there is no custom', async () => {
  const [week, none, custom] = [
    await ka.get('/overview?period=7d'),
    await ka.get('/overview'),
    await ka.get('/overview?period=custom'),
  ];
  expect(none.body.data).toEqual(week.body.data);
  expect([custom.status, fieldsOf(custom.body)]).toEqual([422, ['period']]);
});

test('T4.3 at most five creators', async () => {
  const { status, body } = await ka.get('/creators/top?period=7d&limit=5');
  expect(status).toBe(200);
  expect(body.data).toMatchObject([{ name: 'North', views: 500 }]);
});

test('T4.4 a change from nothing is unknown, from nothing to nothing is none', async () => {
  const { previous, changes } = (await ka.get('/overview?period=7d')).body.data;
  expect([previous.total_views, changes.total_views_pct]).toEqual([0, null]);
  const other = (await api(KB).get('/overview?period=7d')).body.data;
  expect([other.previous.total_views, other.current.total_views, other.changes.total_views_pct]).toEqual([0, 0, 0]);
});
