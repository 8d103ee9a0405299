import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { insertAccount, insertAccountVideo } from '../../../../test/support/books.ts';
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
const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 2, day, hour));

const counters = {
  view_count: 100,
  play_count: 90,
  like_count: 10,
  comment_count: 3,
  share_count: 2,
  saved_count: 5,
  fb_play_count: 7,
  ig_play_count: 83,
  fb_like_count: 1,
};

const post = {
  external_id: '3141592653589793238',
  shortcode: 'CabcdEFGhij',
  caption: 'A caption',
  duration_seconds: 15.5,
  cover_image_url: 'https://cdn.example/cover.jpg',
  video_url: 'https://cdn.example/video.mp4',
  is_removed: true,
  source: 'sandbox',
  confirmed_at: at(6),
  updated_at: at(5),
};

describe('§4.3 a post of an account', () => {
  test('shows what the account holds and what is shared', async () => {
    const owner = await newOwner();
    const accountId = await insertAccount(db, owner, {
      username: 'north_a',
      is_active: false,
      scrape_interval_hours: 12,
      last_scrape_time: at(4, 1),
    });
    await sql`update profiles set platform_profile_id = '25025320' where username = (
      select username from profiles order by profile_id desc limit 1)`.execute(db);
    const held = { ...counters, create_time: at(1, 12), media_type: 'video', added_at: at(2) };
    const id = await insertAccountVideo(db, accountId, held, post);
    const answer = await owner.api.get(`/account-videos/${id}`);
    expect(answer.data).toEqual({
      id,
      type: 'account_video',
      platform: 'instagram',
      internal_id: expect.any(Number),
      external_id: '3141592653589793238',
      shortcode: 'CabcdEFGhij',
      is_active: false,
      scrape_interval_hours: 12,
      metadata: null,
      added_at: '2026-03-02T00:00:00Z',
      updated_at: '2026-03-05T00:00:00Z',
      first_scrape_time: '2026-03-02T00:00:00Z',
      last_scrape_time: '2026-03-04T01:00:00Z',
      create_time: '2026-03-01T12:00:00Z',
      description: 'A caption',
      media_type: 'video',
      duration: 15.5,
      is_unavailable: true,
      cover_image_url: 'https://cdn.example/cover.jpg',
      cover_image_url_original: 'https://cdn.example/cover.jpg',
      video_url: 'https://cdn.example/video.mp4',
      video_url_original: 'https://cdn.example/video.mp4',
      view_count: 100,
      like_count: 10,
      comment_count: 3,
      share_count: 2,
      play_count: 90,
      saved_count: 5,
      total_views: 107,
      total_plays: 97,
      account_id: accountId,
      account_username: 'north_a',
      platform_account_id: '25025320',
      platform_data: { fb_play_count: 7, ig_play_count: 83, fb_like_count: 1 },
      source: 'sandbox',
    });
    expect((await owner.api.get('/account-videos')).items).toEqual([answer.data]);
  });

  test('whose plays may include those on Facebook already counts them once', async () => {
    const owner = await newOwner();
    const accountId = await insertAccount(db, owner);
    const plays = { view_count: 97, play_count: 97, fb_play_count: 7, ig_play_count: null };
    const id = await insertAccountVideo(db, accountId, { ...counters, ...plays });
    expect((await owner.api.get(`/account-videos/${id}`)).data).toMatchObject({ total_views: 97, total_plays: 97 });
  });

  test('of TikTok has neither saves nor Facebook numbers; unknown counters are null, never 0', async () => {
    const owner = await newOwner();
    const accountId = await insertAccount(db, owner, { platform: 'tiktok' });
    const id = await insertAccountVideo(db, accountId, { ...counters, like_count: null, view_count: null });
    expect((await owner.api.get(`/account-videos/${id}`)).data).toMatchObject({
      view_count: null,
      total_views: null,
      total_plays: 90,
      like_count: null,
      saved_count: null,
      create_time: null,
      shortcode: null,
      platform_data: {},
    });
  });

  test('is hidden with its account, and seen by its organization only', async () => {
    const [owner, other] = [await newOwner(), await newOwner()];
    const accountId = await insertAccount(db, owner);
    const id = await insertAccountVideo(db, accountId);
    for (const each of [id, absentId, 'x']) {
      expect((await other.api.get(`/account-videos/${each}`)).status).toBe(404);
    }
    expect((await other.api.get(`/account-videos?account_id=${accountId}`)).items).toEqual([]);
    expect((await owner.api.get(`/account-videos/${id.toUpperCase()}`)).status).toBe(200);
    const { data } = await owner.api.get(`/accounts/${accountId}`);
    await owner.api.delete(`/accounts/${accountId}`);
    expect((await owner.api.get(`/account-videos/${id}`)).status).toBe(404);
    expect((await owner.api.get('/account-videos?include_total=1')).pagination.total_count).toBe(0);
    await sql`insert into profile_handles select platform, username, profile_id from accounts where account_id = ${accountId}`.execute(
      db,
    );
    await owner.api.post('/accounts', { platform: 'instagram', username: data.username });
    expect((await owner.api.get(`/account-videos/${id}`)).data.account_id).toBe(accountId);
  });

  test('can only be read', async () => {
    const { api } = await newOwner();
    expect(await api.patch(`/account-videos/${absentId}`, { is_active: false })).toMatchObject({ status: 405 });
    expect((await api.delete(`/account-videos/${absentId}`)).headers.allow).toBeDefined();
  });
});

describe('§2.6 the list of posts', () => {
  const orders = ['create_time', 'view_count', 'like_count', 'play_count', 'comment_count', 'share_count', 'added_at'];
  test.each(orders.flatMap((key) => [`order_by=${key}`, `order_by=${key}&order_direction=asc`]))(
    '%s shows each once; ties by id, nulls last',
    async (sort) => {
      const owner = await newOwner();
      const accountId = await insertAccount(db, owner);
      const made: string[] = [];
      const known: [number, string][] = [];
      const unknown: string[] = [];
      for (let i = 0; i < 9; i++) {
        const value = i % 3 === 0 && !sort.startsWith('order_by=added_at') ? null : i % 2;
        const moment = value === null ? null : at(3 + value);
        const held = { create_time: moment, ...(moment === null ? {} : { added_at: moment }) };
        const numbers = Object.fromEntries(orders.slice(1, 6).map((key) => [key, value]));
        const id = await insertAccountVideo(db, accountId, { ...held, ...numbers });
        made.push(id);
        if (value === null) unknown.push(id);
        else known.push([value, id]);
      }
      const sign = sort.endsWith('asc') ? 1 : -1;
      known.sort(([a, aId], [b, bId]) => sign * (a - b || (aId < bId ? -1 : 1)));
      unknown.sort((a, b) => sign * (a < b ? -1 : 1));
      const expected = [...known.map(([, id]) => id), ...unknown];
      expect(ids(await owner.api.walk(`/account-videos?limit=2&${sort}`))).toEqual(expected);
      expect(ids((await owner.api.get(`/account-videos?${sort}`)).items)).toEqual(expected);
      expect(expected).toHaveLength(made.length);
    },
  );

  test('filters', async () => {
    const owner = await newOwner();
    const creatorId = (await owner.api.post('/creators', { name: 'Rivals' })).id;
    const first = await insertAccount(db, owner, { creator_id: creatorId });
    const second = await insertAccount(db, owner, { platform: 'tiktok' });
    const a = await insertAccountVideo(
      db,
      first,
      { create_time: at(1), media_type: 'video' },
      { caption: 'Größe 100%' },
    );
    const b = await insertAccountVideo(db, first, { create_time: at(2), media_type: 'image' }, { caption: null });
    const c = await insertAccountVideo(db, second, { create_time: at(3), media_type: 'video' }, { caption: 'plain' });
    const d = await insertAccountVideo(db, second, { create_time: null, media_type: null });
    const found = async (query: string) =>
      ids((await owner.api.get(`/account-videos?sort=create_time&${query}`)).items);
    expect(await found('')).toEqual([a, b, c, d]);
    expect(await found('platform=tiktok')).toEqual([c, d]);
    expect(await found(`account_id=${first}`)).toEqual([a, b]);
    expect(await found(`creator_id=${creatorId}`)).toEqual([a, b]);
    expect(await found(`creator_id=${absentId}`)).toEqual([]);
    expect(await found('media_type=video')).toEqual([a, c]);
    // The capitals of ß are SS.
    expect(await found('q=GR%C3%96SSE')).toEqual([a]);
    expect(await found('q=GR%C3%96SE')).toEqual([]);
    expect(await found(`q=${encodeURIComponent('GRÖ')}`)).toEqual([a]);
    expect(await found('q=%25')).toEqual([a]);
    expect(await found('posted_after=2026-03-02')).toEqual([b, c]);
    expect(await found('posted_before=2026-03-02')).toEqual([a]);
    expect(await found('posted_after=2026-03-01T00:00:00Z&posted_before=2026-03-03T00:00:00Z')).toEqual([a, b]);
    expect(await found('posted_after=2026-03-02T01:00:00%2B02:00&posted_before=2026-03-02T00:00:01Z')).toEqual([b]);
  });

  test.each([
    ['posted_after', 'posted_after=yesterday'],
    ['posted_before', 'posted_before=2026-03-02T10:00:00'],
    ['posted_before', 'posted_after=2026-03-02&posted_before=2026-03-02'],
    ['media_type', 'media_type=reel'],
    ['account_id', 'account_id=1'],
    ['order_by', 'order_by=id'],
    ['limit', 'limit=201'],
  ])('refuses a bad %s', async (field, query) => {
    const { api } = await newOwner();
    expect(await api.get(`/account-videos?${query}`)).toMatchObject({ status: 422, errors: [{ field }] });
  });
});
