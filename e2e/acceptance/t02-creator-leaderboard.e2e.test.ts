import { beforeAll, describe, expect, test } from 'vitest';
import { type Item, startAcceptance } from '../support/acceptance.ts';
import { addAccount, addCreator, fieldsOf } from '../support/books.ts';

const acceptance = await startAcceptance();
const { api, vendor, readAt, walk } = acceptance;
const ka = api();
const window = 'start_date=2026-03-01&end_date=2026-03-04';

beforeAll(async () => {
  const names = ['one', 'two', 'three'];
  const accounts: string[] = [];
  for (const [i, username] of names.entries()) {
    const accountId = await addAccount(acceptance, 'tiktok', username);
    accounts.push(accountId);
    await addCreator(acceptance, `Creator ${username}`, [accountId]);
    vendor.show({
      platform: 'tiktok',
      username,
      followers: 100 * (i + 1),
      posts: [
        {
          id: `749000000000000000${i}`,
          createTime: '2026-03-03T00:00:00Z',
          views: 1000 * (i + 1),
          likes: 33,
          comments: 7,
          shares: 3,
        },
      ],
    });
  }
  await addCreator(acceptance, 'Nobody');
  await readAt('2026-03-04T12:00:00Z', accounts);
});

test('T2.1 whoami', async () => {
  const { status, body } = await ka.get('/whoami');
  expect([status, body.data.type]).toEqual([200, 'whoami']);
});

describe('with the ranking', () => {
  test('T2.2 ranks 1..n, views descending', async () => {
    const { status, body } = await ka.get('/creators/top?period=30d&limit=25');
    expect(status).toBe(200);
    expect(body.data.map(({ rank, name, views }: Item) => [rank, name, views])).toEqual([
      [1, 'Creator three', 3000],
      [2, 'Creator two', 2000],
      [3, 'Creator one', 1000],
      [4, 'Nobody', 0],
    ]);
    for (const { id } of body.data) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.meta).toMatchObject({ period: '30d', days: 30, metric: 'views', limit: 25 });
  });

  test('T2.3 each of them has its figures, the same ones', async () => {
    const { body } = await ka.get('/creators/top?period=30d&limit=25');
    for (const { id, views, followers } of body.data) {
      const answer = await ka.get(`/creators/${id}/analytics?${window}`);
      expectFigures(answer.body.data);
      expect(answer.body.data.views).toBe(views);
      expect(answer.body.data.followers ?? 0).toBe(followers ?? 0);
    }
  });

  test('T2.6 what is out of bounds is named', async () => {
    const [limit, period] = [await ka.get('/creators/top?limit=26'), await ka.get('/creators/top?period=custom')];
    expect([limit.status, fieldsOf(limit.body)]).toEqual([422, ['limit']]);
    expect([period.status, fieldsOf(period.body)]).toEqual([422, ['period']]);
  });
});

test('T2.4 the engagement rate is its formula, null without views', async () => {
  for (const { id, name } of await walk('/creators?limit=200')) {
    const { data } = (await ka.get(`/creators/${id}/analytics?${window}`)).body;
    const rate =
      data.views === 0 ? null : Math.round(((data.likes + data.comments + data.shares) / data.views) * 10_000) / 100;
    expect([name, data.engagement_rate]).toEqual([name, rate]);
  }
});

test('T2.5 every creator once, by name, with figures', async () => {
  const names = ['Creator one', 'Creator three', 'Creator two', 'Nobody'];
  expect((await walk('/creators?limit=200')).map(({ name }) => name)).toEqual(names);
  const paged = await walk('/creators?limit=1');
  expect(paged.map(({ name }) => name)).toEqual(names);
  for (const { id } of paged) expectFigures((await ka.get(`/creators/${id}/analytics?${window}`)).body.data);
});

function expectFigures(data: Item): void {
  for (const name of ['views', 'likes', 'comments', 'shares']) expect(Number.isInteger(data[name]), name).toBe(true);
  expect(data).toHaveProperty('followers');
  expect([data.start_date, data.end_date, data.days]).toEqual(['2026-03-01', '2026-03-04', 4]);
}
