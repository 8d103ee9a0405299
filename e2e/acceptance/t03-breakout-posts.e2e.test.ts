import { beforeAll, describe, expect, test } from 'vitest';
import { startAcceptance } from '../support/acceptance.ts';
import { addAccount, fieldsOf, fixturePosts, sum } from '../support/books.ts';

const acceptance = await startAcceptance();
const { api, vendor, readAt, walk } = acceptance;
const ka = api();
const random = '01a1fb87-c21b-7af4-b46d-338a22b86c44';

beforeAll(async () => {
  const accountId = await addAccount(acceptance, 'tiktok', 'north_a');
  const posts = fixturePosts(5, '2026-03-01', (i) => i + 1);
  const rounds = [
    ['2026-03-03T12:00:00Z', 10],
    ['2026-03-05T12:00:00Z', 40],
    ['2026-03-11T12:00:00Z', 100],
    ['2026-03-12T12:00:00Z', 90],
  ] as const;
  for (const [time, factor] of rounds) {
    const shown = posts.filter(({ createTime }) => createTime < time);
    const grown = shown.map((post) => ({ ...post, views: post.views * factor }));
    vendor.show({ platform: 'tiktok', username: 'north_a', followers: 50, posts: grown });
    await readAt(time, [accountId]);
  }
});

test('T3.1 an error says what and whose', async () => {
  const { headers, body } = await ka.get(`/account-videos/${random}`);
  expect(body).toMatchObject({ status: 404, code: 'NOT_FOUND', detail: expect.any(String) });
  expect(headers.get('x-request-id')).toBe(body.request_id);
});

test('T3.2 every post once, newest first', async () => {
  const posts = await walk('/account-videos?limit=2');
  const times = posts.map(({ create_time: time }) => time);
  expect(times).toHaveLength(5);
  expect(times).toEqual(times.toSorted((a: string, b: string) => b.localeCompare(a)));
  expect(new Set(posts.map(({ id }) => id)).size).toBe(5);
  for (const { id, internal_id: internalId } of posts) {
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(Number.isSafeInteger(internalId)).toBe(true);
  }
});

describe('deltas', () => {
  const ask = async (body: object) => ka.send('POST', '/videos/deltas', body);
  const ids = async (): Promise<string[]> => (await walk('/account-videos')).map(({ id }) => id);

  test('T3.3 of every post, to sort by', async () => {
    const asked = await ids();
    const { status, body } = await ask({ video_ids: asked, windows: [1, 7] });
    expect(status).toBe(200);
    expect(body.meta).toEqual({ windows: [1, 7], video_count: 5, not_found: [] });
    expect(Object.keys(body.data)).toEqual(asked);
    const gains = asked.map((id) => body.data[id]['7d']).toSorted((a: number, b: number) => b - a);
    for (const gain of gains) expect(Number.isSafeInteger(gain)).toBe(true);
    // Since 03-05: from 40 to 90 times their number; the two that were published later, from 0.
    expect(gains).toEqual([450, 360, 150, 100, 50]);
    expect(asked.map((id) => body.data[id]['1d']).toSorted((a: number, b: number) => b - a)).toEqual([
      -10, -20, -30, -40, -50,
    ]);
  });

  test('T3.4 of individual videos too; an unknown id only in not_found', async () => {
    const video = await ka.send('POST', '/videos', { platform: 'tiktok', identifier: '7490000000000000001' });
    expect(video.status).toBe(201);
    const [post = ''] = await ids();
    const { body } = await ask({ video_ids: [video.body.data.id, random, post] });
    expect(Object.keys(body.data)).toEqual([video.body.data.id, post]);
    expect(body.meta.not_found).toEqual([random]);
  });

  test('T3.5 seven days are the sum of the series', async () => {
    const asked = await ids();
    const { data } = (await ask({ video_ids: asked, windows: [7] })).body;
    for (const id of asked) {
      const series = await ka.get(`/account-videos/${id}/analytics/timeseries?period=7d`);
      expect(data[id]['7d']).toBe(sum(series.body.data, 'views'));
    }
  });

  test('T3.6 bounds, and the windows when none are asked', async () => {
    const [id] = await ids();
    const tooMany = Array.from({ length: 201 }, () => id);
    const refused: [object, string][] = [
      [{ video_ids: tooMany }, 'video_ids'],
      [{ video_ids: [id], windows: [0] }, 'windows.0'],
      [{ video_ids: [id], windows: [366] }, 'windows.0'],
      [{ video_ids: [id], windows: [] }, 'windows'],
      [{ video_ids: [id], windows: Array.from({ length: 11 }, (_, i) => i + 1) }, 'windows'],
    ];
    for (const [body, field] of refused) {
      const answer = await ask(body);
      expect([answer.status, fieldsOf(answer.body)]).toEqual([422, [field]]);
    }
    const { body } = await ask({ video_ids: [id] });
    expect(body.meta.windows).toEqual([1, 7, 14, 30]);
    expect(Object.keys(body.data[id ?? ''])).toEqual(['1d', '7d', '14d', '30d']);
  });
});
