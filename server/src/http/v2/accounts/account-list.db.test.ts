import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { insertAccount } from '../../../../test/support/books.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';

const { db } = await testDatabase();
const app = await testApp(db);
const absentId = '00000000-0000-7000-8000-ffffffffffff';

async function newOwner() {
  const owner = await createOrganization(db);
  return { ...owner, api: apiOf(app, owner.apiKey) };
}

const ids = (items: Record<string, unknown>[]) => items.map((item) => item.id);

describe('§2.5 paging of accounts', () => {
  test('is 50 a page, newest first, and says how to go on', async () => {
    const owner = await newOwner();
    for (let i = 0; i < 51; i++) await insertAccount(db, owner);
    const first = await owner.api.get('/accounts');
    expect(first.items).toHaveLength(50);
    expect(first.pagination).toEqual({ has_next: true, limit: 50, next_cursor: expect.any(String) });
    expect(first.body.filters).toEqual({ order_by: 'added_at', order_direction: 'desc' });
    expect(first.headers.link).toMatch(/rel="first".*rel="next"/);
    const last = await owner.api.get(`/accounts?cursor=${first.pagination.next_cursor}&limit=200&include_total=TRUE`);
    expect(last.items).toHaveLength(1);
    expect(last.pagination).toEqual({ has_next: false, limit: 200, next_cursor: null, total_count: 51 });
    expect(last.headers.link).not.toMatch(/rel="next"/);
  });

  const orders = [
    'added_at',
    'username',
    'last_scrape_time',
    'follower_count',
    'view_count',
    'like_count',
    'play_count',
  ];
  test.each(orders.flatMap((key) => [`order_by=${key}`, `order_by=${key}&order_direction=asc`]))(
    '%s shows each once; ties by id, nulls last',
    async (sort) => {
      const owner = await newOwner();
      const [, key = ''] = /order_by=(\w+)/.exec(sort) ?? [];
      const isAscending = sort.endsWith('asc');
      for (let i = 0; i < 12; i++) {
        const at = new Date(Date.UTC(2026, 2, 1 + (i % 3), 0, 0, 0, 123));
        await insertAccount(db, owner, {
          added_at: at,
          last_scrape_time: i % 4 === 0 ? null : at,
          follower_count: i % 4 === 0 ? null : i % 3,
          view_count: i % 3,
          like_count: i % 3,
          play_count: i % 3,
        });
      }
      const walked = await owner.api.walk(`/accounts?limit=1&${sort}`);
      expect(new Set(ids(walked)).size).toBe(12);
      expect(ids(walked)).toEqual(ids((await owner.api.get(`/accounts?${sort}`)).items));
      const values = walked.map((item) => [item[key] as string | number | null, item.id as string] as const);
      const sorted = values.toSorted(([a, aId], [b, bId]) => {
        if (a === null || b === null) return Number(a === null) - Number(b === null) || compare(aId, bId);
        return compare(a, b) || compare(aId, bId);
      });
      function compare<T extends string | number>(a: T, b: T) {
        return (a < b ? -1 : Number(a > b)) * (isAscending ? 1 : -1);
      }
      expect(values).toEqual(sorted);
    },
  );

  test('repeats nothing and loses nothing that stayed, while others write', async () => {
    const owner = await newOwner();
    const kept: string[] = [];
    for (let i = 0; i < 10; i++) kept.push(await insertAccount(db, owner, { view_count: i }));
    const walked = await owner.api.walk('/accounts?limit=3&order_by=view_count', async () => {
      await insertAccount(db, owner, { view_count: 4 });
      await insertAccount(db, owner, { view_count: 100 });
    });
    const seen = ids(walked);
    expect(new Set(seen).size).toBe(seen.length);
    expect(kept.every((id) => seen.includes(id))).toBe(true);
  });

  test('a cursor is of one list, filter, sort and organization; the limit may change', async () => {
    const owner = await newOwner();
    for (let i = 0; i < 3; i++) await insertAccount(db, owner);
    const { next_cursor: cursor } = (await owner.api.get('/accounts?limit=1')).pagination;
    expect((await owner.api.get(`/accounts?limit=2&cursor=${cursor}`)).status).toBe(200);
    const other = await newOwner();
    const forged = Buffer.from(String(cursor), 'base64url').toString().replace(/,\d+,/, ',"x",');
    for (const answer of [
      await owner.api.get(`/accounts?order_by=username&cursor=${cursor}`),
      await owner.api.get(`/accounts?order_direction=asc&cursor=${cursor}`),
      await owner.api.get(`/accounts?platform=tiktok&cursor=${cursor}`),
      await owner.api.get(`/account-videos?order_by=added_at&cursor=${cursor}`),
      await owner.api.get('/accounts?cursor=nonsense'),
      await owner.api.get(`/accounts?cursor=${Buffer.from(forged).toString('base64url')}`),
      await other.api.get(`/accounts?cursor=${cursor}`),
    ]) {
      expect(answer).toMatchObject({ status: 422, errors: [{ field: 'cursor' }] });
    }
  });

  test.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=201'],
    ['limit', 'limit=x'],
    ['order_by', 'order_by=name'],
    ['order_direction', 'order_direction=up'],
    ['sort', 'sort=+added_at'],
    ['platform', 'platform=youtube'],
    ['is_active', 'is_active=yes'],
    ['creator_id', 'creator_id=x'],
    ['include_total', 'include_total=2'],
    ['q', `q=${'x'.repeat(129)}`],
    ['q', `q=x${'%20'.repeat(200)}x`],
    ['q', 'q=%00'],
  ])('refuses a bad %s', async (field, query) => {
    const { api } = await newOwner();
    expect(await api.get(`/accounts?${query}`)).toMatchObject({ status: 422, errors: [{ field }] });
  });
});

describe('§2.6 filters of accounts', () => {
  test('are ANDed, literal, and shown', async () => {
    const owner = await newOwner();
    const { api } = owner;
    const creatorId = (await api.post('/creators', { name: 'Rivals' })).id;
    const a = await insertAccount(db, owner, { username: 'north_a', category: 'food', creator_id: creatorId });
    const b = await insertAccount(db, owner, { username: 'northxa', platform: 'tiktok', category: 'Food' });
    const c = await insertAccount(db, owner, { username: 'south', is_active: false });
    const found = async (query: string) => ids((await api.get(`/accounts?sort=added_at&${query}`)).items);
    expect(await found('q=NORTH')).toEqual([a, b]);
    expect(await found('q=h_a')).toEqual([a]);
    expect(await found('q=%25')).toEqual([]);
    expect(await found('q=%5C')).toEqual([]);
    expect(await found('q=%20')).toEqual([a, b, c]);
    const blanks = '%20'.repeat(200);
    expect(await found(`q=${blanks}`)).toEqual([a, b, c]);
    expect(await found(`q=${blanks}NORTH${blanks}`)).toEqual([a, b]);
    expect(await found('platform=tiktok')).toEqual([b]);
    expect(await found('is_active=False')).toEqual([c]);
    expect(await found('is_active=1&q=north&platform=instagram')).toEqual([a]);
    expect(await found('category=food')).toEqual([a]);
    expect(await found(`creator_id=${creatorId.toUpperCase()}`)).toEqual([a]);
    expect(await found(`creator_id=${absentId}`)).toEqual([]);
    const shown = await api.get('/accounts?q=north&is_active=true&platform=tiktok&unknown=1&sort=-username');
    expect(shown.body.filters).toEqual({
      q: 'north',
      is_active: true,
      platform: 'tiktok',
      order_by: 'username',
      order_direction: 'desc',
    });
    const mixed = await api.get('/accounts?sort=-username&order_by=view_count&order_direction=asc');
    expect(mixed.body.filters).toEqual({ order_by: 'view_count', order_direction: 'asc' });
  });

  test('see nothing of another organization', async () => {
    const [mine, theirs] = [await newOwner(), await newOwner()];
    await insertAccount(db, theirs);
    expect(await mine.api.get('/accounts?include_total=1')).toMatchObject({
      items: [],
      pagination: { total_count: 0 },
    });
    const { rows } = await sql`select from accounts where organization_id = ${theirs.organizationId}`.execute(db);
    expect(rows).toHaveLength(1);
  });
});
