import { expect, test } from 'vitest';
import { startAcceptance } from '../support/acceptance.ts';

const { api, walk, organizationIds } = await startAcceptance();
const ka = api();

test('T5.1 whoami', async () => {
  const { body } = await ka.get('/whoami');
  expect(body.data).toMatchObject({
    type: 'whoami',
    organization_id: organizationIds[0],
    api_key_name: expect.any(String),
  });
});

test('T5.2 a list says how it is paged and sorted', async () => {
  const { status, body } = await ka.get('/accounts?limit=25');
  expect([status, body.pagination.limit]).toEqual([200, 25]);
  expect(body.filters).toEqual({ order_by: 'added_at', order_direction: 'desc' });
});

const oak = { platform: 'tiktok', username: 'oak_rye', category: 'food', scrape_interval_hours: 24 };

test('T5.3 an account', async () => {
  const { status, body } = await ka.send('POST', '/accounts', oak);
  expect([status, body.data]).toMatchObject([201, oak]);
});

test('T5.4 the same again', async () => {
  const { status, body } = await ka.send('POST', '/accounts', oak);
  expect([status, body.code]).toEqual([409, 'CONFLICT']);
});

test('T5.5 all pages, each account once', async () => {
  for (let i = 0; i < 4; i += 1) await ka.send('POST', '/accounts', { platform: 'instagram', username: `more_${i}` });
  const usernames = ['more_0', 'more_1', 'more_2', 'more_3', 'oak_rye'];
  for (const limit of [200, 2]) {
    const found = await walk(`/accounts?limit=${limit}`);
    expect(found).toHaveLength(usernames.length);
    expect(new Set(found.map(({ username }) => username))).toEqual(new Set(usernames));
  }
});
