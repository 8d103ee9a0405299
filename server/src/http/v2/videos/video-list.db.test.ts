import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { insertAccount, insertAccountVideo, insertVideo } from '../../../../test/support/books.ts';
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

/** A post of an account, and the video that tracks it too. */
async function videoOf(owner: Awaited<ReturnType<typeof newOwner>>, accountId: string, caption: string | null) {
  const accountVideoId = await insertAccountVideo(db, accountId, {}, { caption });
  const { rows } = await sql<{ profile_id: number; post_id: number }>`
    select profile_id, post_id from account_videos where account_video_id = ${accountVideoId}`.execute(db);
  return insertVideo(db, owner, { ...rows[0] });
}

describe('paging', () => {
  test('is 50 a page, newest first, and says how to go on', async () => {
    const owner = await newOwner();
    for (let i = 0; i < 51; i++) await insertVideo(db, owner);
    const first = await owner.api.get('/videos');
    expect(first.items).toHaveLength(50);
    expect(first.pagination).toEqual({ has_next: true, limit: 50, next_cursor: expect.any(String) });
    expect(first.body.filters).toEqual({ order_by: 'added_at', order_direction: 'desc' });
    expect(first.headers.link).toMatch(/rel="first".*rel="next"/);
    const last = await owner.api.get(`/videos?cursor=${first.pagination.next_cursor}&limit=200&include_total=TRUE`);
    expect(last.items).toHaveLength(1);
    expect(last.pagination).toEqual({ has_next: false, limit: 200, next_cursor: null, total_count: 51 });
    expect(last.headers.link).not.toMatch(/rel="next"/);
  });

  const orders = ['added_at', 'create_time', 'view_count', 'like_count', 'play_count'];
  const signs = ['', '-'];
  test.each(orders.flatMap((key) => signs.map((sign) => [key, sign] as const)))(
    'by %s %s shows each once; ties by id, nulls last',
    async (key, sign) => {
      const owner = await newOwner();
      const known: [number, string][] = [];
      const unknown: string[] = [];
      for (let i = 0; i < 9; i++) {
        const value = i % 3 === 0 && key !== 'added_at' ? null : i % 2;
        const column = value === null || key.endsWith('_count') ? value : new Date(Date.UTC(2026, 2, 3 + value));
        const id = await insertVideo(db, owner, { [key]: column });
        if (value === null) unknown.push(id);
        else known.push([value, id]);
      }
      const direction = sign === '-' ? -1 : 1;
      known.sort(([a, aId], [b, bId]) => direction * (a - b || (aId < bId ? -1 : 1)));
      unknown.sort((a, b) => direction * (a < b ? -1 : 1));
      const expected = [...known.map(([, id]) => id), ...unknown];
      expect(ids(await owner.api.walk(`/videos?limit=2&sort=${sign}${key}`))).toEqual(expected);
      const named = `order_by=${key}&order_direction=${sign === '-' ? 'desc' : 'asc'}`;
      expect(ids((await owner.api.get(`/videos?${named}`)).items)).toEqual(expected);
    },
  );

  test('a walk during writes neither repeats nor skips what was there before', async () => {
    const owner = await newOwner();
    const before: string[] = [];
    for (let i = 0; i < 12; i++) before.push(await insertVideo(db, owner));
    let added = 0;
    const seen = ids(
      await owner.api.walk('/videos?limit=3', async () => {
        added += 1;
        const post = { platform: 'tiktok', identifier: String(7_000_000_000_000_000_000n + BigInt(added)) };
        expect((await owner.api.post('/videos', post)).status).toBe(201);
      }),
    );
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.includes(String(id)))).toEqual(before.toReversed());
  });

  test('a cursor belongs to its sort and filters', async () => {
    const owner = await newOwner();
    for (let i = 0; i < 3; i++) await insertVideo(db, owner);
    const { next_cursor: cursor } = (await owner.api.get('/videos?limit=1')).pagination;
    expect((await owner.api.get(`/videos?limit=2&cursor=${cursor}`)).status).toBe(200);
    for (const other of ['order_by=create_time', 'order_direction=asc', 'platform=instagram', 'q=a']) {
      expect(await owner.api.get(`/videos?limit=1&${other}&cursor=${cursor}`)).toMatchObject({
        status: 422,
        errors: [{ field: 'cursor' }],
      });
    }
    expect((await owner.api.get(`/accounts?cursor=${cursor}`)).status).toBe(422);
  });
});

describe('filters', () => {
  test('by author, platform, activity and caption, together', async () => {
    const owner = await newOwner();
    const [first, second] = [await insertAccount(db, owner), await insertAccount(db, owner)];
    const a = await videoOf(owner, first, 'Größe 100%');
    const b = await videoOf(owner, first, null);
    const c = await videoOf(owner, second, 'plain_text');
    const d = await insertVideo(db, owner, { platform: 'tiktok', is_active: false });
    const found = async (query: string) => {
      const answer = await owner.api.get(`/videos?sort=added_at&include_total=true&${query}`);
      expect(answer.pagination.total_count).toBe(answer.items.length);
      return ids(answer.items);
    };
    expect(await found('')).toEqual([a, b, c, d]);
    expect(await found('platform=tiktok')).toEqual([d]);
    expect(await found('is_active=True')).toEqual([a, b, c]);
    expect(await found('is_active=0')).toEqual([d]);
    expect(await found(`account_id=${first.toUpperCase()}`)).toEqual([a, b]);
    expect(await found(`account_id=${absentId}`)).toEqual([]);
    expect(await found(`q=${encodeURIComponent('GRÖ')}`)).toEqual([a]);
    expect(await found('q=%25')).toEqual([a]);
    expect(await found('q=_')).toEqual([c]);
    expect(await found('q=%20')).toEqual([a, b, c, d]);
    expect(await found(`q=${'%20'.repeat(200)}`)).toEqual([a, b, c, d]);
    expect(await found(`account_id=${first}&q=100&platform=instagram&is_active=1`)).toEqual([a]);
  });

  test("another organization's account finds nothing, even of a shared profile", async () => {
    const [owner, other] = [await newOwner(), await newOwner()];
    const theirs = await insertAccount(db, other);
    const { rows } = await sql<{ profile_id: number }>`
      select profile_id from accounts where account_id = ${theirs}`.execute(db);
    await insertVideo(db, owner, { profile_id: rows[0]?.profile_id ?? null });
    expect((await owner.api.get(`/videos?account_id=${theirs}`)).items).toEqual([]);
    expect((await owner.api.get('/videos')).items).toMatchObject([{ account_id: null }]);
  });

  test('what is active says so, and names what it filtered by', async () => {
    const owner = await newOwner();
    const { body } = await owner.api.get(`/videos?q=a&platform=tiktok&is_active=1&account_id=${absentId}&limit=1`);
    expect(body.filters).toEqual({
      q: 'a',
      platform: 'tiktok',
      is_active: true,
      account_id: absentId,
      order_by: 'added_at',
      order_direction: 'desc',
    });
  });

  test.each([
    ['platform', 'platform=youtube'],
    ['account_id', 'account_id=x'],
    ['is_active', 'is_active=maybe'],
    ['q', `q=${'a'.repeat(129)}`],
    ['order_by', 'order_by=comment_count'],
    ['sort', 'sort=-share_count'],
    ['limit', 'limit=0'],
    ['limit', 'limit=201'],
    ['cursor', 'cursor=x'],
  ])('refuses a bad %s', async (field, query) => {
    const { api } = await newOwner();
    expect(await api.get(`/videos?${query}`)).toMatchObject({ status: 422, errors: [{ field }] });
  });
});
