import { expect, test } from 'vitest';
import { startAcceptance } from '../support/acceptance.ts';
import { addAccount, addCreator } from '../support/books.ts';
import { operationIndex } from '../../server/test/support/operation-index.ts';

const acceptance = await startAcceptance();
const { api, url } = acceptance;
const ka = api();

test('T10.1 the document is open and tells of 41 operations', async () => {
  const response = await fetch(`${url()}/v2/openapi.json`);
  expect(response.status).toBe(200);
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, { operationId: string }>> };
  const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
  expect(ids).toHaveLength(41);
  expect(ids.toSorted()).toEqual(operationIndex.map(({ id }) => id).toSorted());
});

test('T10.2 search and overview are usable as they are', async () => {
  const accountId = await addAccount(acceptance, 'instagram', 'north_a');
  const creatorId = await addCreator(acceptance, 'Nordic', [accountId]);
  const found = await ka.get('/search?q=nor&limit=25');
  expect(found.status).toBe(200);
  expect(found.body.data).toEqual({
    accounts: [{ id: accountId, platform: 'instagram', username: 'north_a', display_name: null }],
    creators: [{ id: creatorId, name: 'Nordic' }],
    videos: [],
  });
  expect(found.body.meta).toEqual({
    query: 'nor',
    limit_per_section: 25,
    effective_caps: { accounts: 25, creators: 25, videos: 25 },
  });
  expect((await ka.get('/overview')).status).toBe(200);
});
