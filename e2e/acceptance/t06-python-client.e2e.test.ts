import { beforeAll, expect, test } from 'vitest';
import { startAcceptance } from '../support/acceptance.ts';
import { addAccount, addCreator, fixturePosts } from '../support/books.ts';

const acceptance = await startAcceptance();
const { api, vendor, readAt, walk } = acceptance;
const ka = api();

beforeAll(async () => {
  const accounts: string[] = [];
  for (const username of ['a_one', 'b_two', 'c_three']) accounts.push(await addAccount(acceptance, 'tiktok', username));
  for (const name of ['Same', 'Same', 'Other']) await addCreator(acceptance, name);
  vendor.show({ platform: 'tiktok', username: 'a_one', followers: 5, posts: fixturePosts(3, '2026-02-01', () => 7) });
  await readAt('2026-03-03T12:00:00Z', accounts.slice(0, 1));
});

test('T6.1 an error has all its members', async () => {
  const { status, headers, body } = await ka.get('/accounts/not-there');
  expect(status).toBe(404);
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(headers.get('x-request-id')).toBe(body.request_id);
  expect(body).toMatchObject({
    status: 404,
    type: 'urn:creatoraudit:error:not-found',
    title: 'Not Found',
    detail: expect.any(String),
    code: 'NOT_FOUND',
  });
});

test.each([['/accounts'], ['/creators'], ['/account-videos']])('T6.2 %s one by one ends and repeats nothing', (path) =>
  isWalked(path),
);

test('T6.2 /videos one by one ends and repeats nothing', async () => {
  for (let i = 0; i < 3; i += 1) {
    const { status } = await ka.send('POST', '/videos', { platform: 'tiktok', identifier: `749000000000000009${i}` });
    expect(status).toBe(201);
  }
  await isWalked('/videos');
});

async function isWalked(path: string): Promise<void> {
  const ids = (await walk(`${path}?limit=1`)).map(({ id }) => id);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(3);
}

test('T6.3 a capital True', async () => {
  const { status, body } = await ka.get('/accounts?is_active=True');
  expect([status, body.data.length, body.filters.is_active]).toEqual([200, 3, true]);
});
