import { beforeAll, expect, test } from 'vitest';
import { startAcceptance } from '../support/acceptance.ts';
import { addAccount, addCreator, fixturePosts } from '../support/books.ts';

const acceptance = await startAcceptance();
const { api, vendor, readAt } = acceptance;
const ka = api();
const lists = ['/accounts', '/videos', '/account-videos', '/creators'];

beforeAll(async () => {
  const accountId = await addAccount(acceptance, 'tiktok', 'north_a');
  await addCreator(acceptance, 'North', [accountId]);
  await ka.send('POST', '/videos', { platform: 'tiktok', identifier: '7490000000000000009' });
  vendor.show({ platform: 'tiktok', username: 'north_a', followers: 5, posts: fixturePosts(1, '2026-02-01', () => 7) });
  await readAt('2026-03-03T12:00:00Z', [accountId]);
});

test('T7.1 pages, items and problems have their envelopes', async () => {
  for (const path of lists) {
    const { body } = await ka.get(path);
    expect(Object.keys(body).toSorted()).toEqual(['data', 'filters', 'pagination']);
    expect(body.pagination).toEqual({ has_next: false, limit: 50, next_cursor: null });
    const [item] = body.data;
    const single = await ka.get(`${path}/${item.id}`);
    expect(Object.keys(single.body)).toEqual(['data']);
    expect(single.body.data).toEqual(item);
    const { body: problem } = await ka.get(`${path}/none`);
    const { request_id: requestId, ...members } = problem;
    expect(members).toEqual({
      type: 'urn:creatoraudit:error:not-found',
      title: 'Not Found',
      status: 404,
      detail: expect.any(String),
      code: 'NOT_FOUND',
      instance: `/v2${path}/none`,
    });
    expect(requestId).toEqual(expect.any(String));
  }
});

test('T7.2 the total is there when it is asked for', async () => {
  for (const path of lists) {
    const [asked, not] = [await ka.get(`${path}?include_total=true`), await ka.get(path)];
    expect(asked.body.pagination.total_count).toBe(1);
    expect(not.body.pagination).not.toHaveProperty('total_count');
  }
});
