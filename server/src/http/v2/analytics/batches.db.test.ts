import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { insertAccount, insertDay, nextId } from '../../../../test/support/books.ts';
import { refreshNow, testClock, track } from '../../../../test/support/collecting.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createKey } from '../../../../test/support/keys.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { observedPost, scriptedSource } from '../../../../test/support/scripted-source.ts';
import { insertVideoOf } from '../../../../test/support/video.ts';
import type { Platform } from '../../../sources/source.ts';

const { db } = await testDatabase();
const clock = testClock('2026-03-02T09:00:00Z');
const source = scriptedSource();
const app = await testApp(db, { clock });
const owner = await createOrganization(db);
const api = apiOf(app, owner.apiKey);
const other = apiOf(app, (await createOrganization(db)).apiKey);
const absent = nextId();
const today = '2026-03-06T12:00:00Z';

interface Post {
  id: string;
  internalId: number;
}
let made = 0;

/** An account with posts A and B of the worked example (contract v2 §3); it is 2026-03-06. */
async function example(platform: Platform = 'instagram') {
  clock.set('2026-03-02T09:00:00Z');
  const username = `batch_${(made += 1)}`;
  const collecting = { db, clock, sources: [source] };
  const { accountId, profileId } = await track(collecting, owner.organizationId, username, platform);
  const a = (views: number) =>
    observedPost(
      `${made}1`,
      { viewCount: views, likeCount: views / 10 },
      { createTime: new Date('2026-02-20T00:00:00Z') },
    );
  const b = (views: number) =>
    observedPost(`${made}2`, { viewCount: views, commentCount: 3 }, { createTime: new Date('2026-03-04T08:00:00Z') });
  for (const [time, posts] of [
    ['2026-03-02T10:00:00Z', [a(1000)]],
    ['2026-03-02T20:00:00Z', [a(1040)]],
    ['2026-03-03T10:00:00Z', [a(1100)]],
    ['2026-03-05T10:00:00Z', [a(1090), b(300)]],
    ['2026-03-06T10:00:00Z', [b(450)]],
  ] as const) {
    clock.set(time);
    source.script.posts = [...posts];
    await refreshNow(collecting, profileId);
  }
  clock.set(today);
  const posts = await db
    .selectFrom('account_videos')
    .select(['account_video_id as id', 'post_id as internalId'])
    .where('account_id', '=', accountId)
    .orderBy('external_id')
    .execute();
  const [first, second] = posts as [Post, Post];
  return { accountId, a: first, b: second };
}

const figures = (views: number, rest: Record<string, number> = {}) => ({
  views,
  plays: 0,
  likes: 0,
  comments: 0,
  shares: 0,
  engagement: 0,
  ...rest,
});
const ofA = figures(90, { likes: 9, engagement: 9 });
const ofB = figures(450, { comments: 3, engagement: 3 });
const meta7d = { period: '7d', start_date: '2026-02-28', end_date: '2026-03-06', days: 7 };

describe('POST /accounts/metrics', () => {
  test('T8 step 3 and 5: six ints per account; what cannot be found is named in the order sent', async () => {
    const { accountId } = await example();
    const idle = await insertAccount(db, owner);
    const deleted = await insertAccount(db, owner, { deleted_at: new Date('2026-03-01T00:00:00Z') });
    const answer = await api.post('/accounts/metrics', {
      account_ids: [absent, accountId, deleted, idle],
      period: '7d',
    });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      data: { [accountId]: figures(540, { likes: 9, comments: 3, engagement: 12 }), [idle]: figures(0) },
      meta: { ...meta7d, not_found: [absent, deleted] },
    });
    expect(Object.keys(answer.data)).toEqual([accountId, idle]);
    const snapshot = await api.get(`/accounts/${accountId}/analytics?period=7d`);
    expect(snapshot.data).toMatchObject(answer.data[accountId] as object);
  });

  test('the window is that of a snapshot, and without one it is 30d', async () => {
    const accountId = await insertAccount(db, owner);
    await insertDay(db, accountId, '2026-03-01', { views: 1, plays: 2, likes: -3, comments: null, shares: 4 });
    await insertDay(db, accountId, '2026-03-03', { views: 10, likes: 30 });
    clock.set(today);
    const ids = { account_ids: [accountId] };
    expect((await api.post('/accounts/metrics', ids)).meta).toMatchObject({ period: '30d', days: 30 });
    const window = { start_date: '2026-03-01', end_date: '2026-03-02' };
    const custom = await api.post('/accounts/metrics', { ...ids, ...window });
    expect(custom.data[accountId]).toEqual(figures(1, { plays: 2, likes: -3, shares: 4, engagement: 1 }));
    expect(custom.meta).toEqual({ period: 'custom', ...window, days: 2, not_found: [] });
    expect((await api.post('/accounts/metrics', { ...ids, ...window, period: '7d' })).meta).toMatchObject({
      period: '7d',
    });
  });
});

describe('POST /videos/metrics', () => {
  test('answers posts of both kinds, as their snapshots do', async () => {
    const { a, b } = await example();
    const video = await insertVideoOf(db, owner, a.id, new Date('2026-03-02T15:00:00Z'));
    const answer = await api.post('/videos/metrics', { video_ids: [b.id, video, absent, a.id], period: '7d' });
    expect(answer.body).toEqual({
      data: { [b.id]: ofB, [video]: figures(50, { likes: 5, engagement: 5 }), [a.id]: ofA },
      meta: { ...meta7d, not_found: [absent] },
    });
    expect(Object.keys(answer.data)).toEqual([b.id, video, a.id]);
    for (const [path, id] of [
      ['account-videos', b.id],
      ['videos', video],
      ['account-videos', a.id],
    ] as const) {
      const snapshot = await api.get(`/${path}/${id}/analytics?period=7d`);
      expect(snapshot.data).toMatchObject(answer.data[id] as object);
    }
  });

  test.each([
    ['2026-03-03', '2026-03-05', 50, 300],
    ['2026-03-04', '2026-03-04', 0, 0],
    ['2026-03-02', '2026-03-02', 40, 0],
    ['2026-03-05', '2026-03-06', -10, 450],
    ['2026-02-01', '2026-03-01', 0, 0],
  ])('from %s to %s', async (start, end, viewsOfA, viewsOfB) => {
    const { a, b } = await example();
    const { data } = await api.post('/videos/metrics', { video_ids: [a.id, b.id], start_date: start, end_date: end });
    expect([a, b].map(({ id }) => (data[id] as { views: number }).views)).toEqual([viewsOfA, viewsOfB]);
  });
});

describe('POST /account-videos/metrics', () => {
  test('T11 #26: internal ids, each in the list of its platform; elsewhere it is not found', async () => {
    const instagram = await example();
    const tiktok = await example('tiktok');
    const [i, t] = [instagram.a.internalId, tiktok.b.internalId];
    const answer = await api.post('/account-videos/metrics', {
      instagram_post_ids: [i, 9_007_199_254_740_991, instagram.b.internalId],
      tiktok_video_ids: [instagram.b.internalId, t, tiktok.a.internalId, 0],
      period: '7d',
    });
    expect(answer.body).toEqual({
      data: { [i]: ofA, [instagram.b.internalId]: ofB, [t]: ofB, [tiktok.a.internalId]: ofA },
      meta: { ...meta7d, not_found: ['9007199254740991', '0'] },
    });
    const wrong = await api.post('/account-videos/metrics', { tiktok_video_ids: [i], period: '7d' });
    expect(wrong.body).toEqual({ data: {}, meta: { ...meta7d, not_found: [String(i)] } });
  });

  test('a post of a deleted account, and a video, are not found', async () => {
    const { accountId, a } = await example();
    const ids = { instagram_post_ids: [a.internalId] };
    expect((await api.post('/account-videos/metrics', ids)).meta.not_found).toEqual([]);
    await api.delete(`/accounts/${accountId}`);
    expect((await api.post('/account-videos/metrics', ids)).meta.not_found).toEqual([String(a.internalId)]);
  });

  test('a post that two accounts hold is that of the account that found it first', async () => {
    const { a, accountId } = await example();
    const second = await insertAccount(db, owner);
    await sql`
      insert into account_videos (organization_id, account_video_id, account_id, profile_id, post_id, external_id, platform, added_at, counts_from_zero)
      select organization_id, ${nextId()}, ${second}, profile_id, post_id, external_id, platform, '2026-03-05T00:00:00Z', false
      from account_videos where account_video_id = ${a.id}`.execute(db);
    const ids = { instagram_post_ids: [a.internalId], period: '7d' };
    expect((await api.post('/account-videos/metrics', ids)).data[a.internalId]).toEqual(ofA);
    await api.delete(`/accounts/${accountId}`);
    expect((await api.post('/account-videos/metrics', ids)).data[a.internalId]).toEqual(figures(0));
  });

  test.each([
    ['nothing', {}],
    ['no id', { instagram_post_ids: [], tiktok_video_ids: null }],
    ['201 ids over both', { instagram_post_ids: Array(101).fill(1), tiktok_video_ids: Array(100).fill(2) }],
    ['201 ids in one', { tiktok_video_ids: Array(201).fill(1) }],
  ])('422 body: %s', async (_, body) => {
    const answer = await api.post('/account-videos/metrics', body);
    expect(answer).toMatchObject({
      status: 422,
      errors: [{ field: 'body', message: expect.stringContaining('between 1 and 200') }],
    });
    expect(answer.errors).toHaveLength(1);
  });

  test.each([
    [['5'], 'instagram_post_ids.0', 'must be an integer'],
    [[1, 1.5], 'instagram_post_ids.1', 'must be an integer'],
    [[2 ** 53], 'instagram_post_ids.0', expect.stringContaining('must be between')],
    ['5', 'instagram_post_ids', expect.stringContaining('list')],
  ])('422: ids %j', async (ids, field, message) => {
    const answer = await api.post('/account-videos/metrics', { instagram_post_ids: ids });
    expect(answer).toMatchObject({ status: 422, errors: [{ field, message }] });
  });

  test('200 ids over both are answered; one sent in both lists is answered once', async () => {
    const { a } = await example();
    const rest = Array.from({ length: 99 }, (_, i) => 10_000_000 + i);
    const answer = await api.post('/account-videos/metrics', {
      instagram_post_ids: [a.internalId, ...rest],
      tiktok_video_ids: [a.internalId, ...rest],
    });
    expect(Object.keys(answer.data)).toEqual([String(a.internalId)]);
    expect(answer.meta.not_found).toEqual(rest.map(String));
  });
});

describe('POST /videos/deltas', () => {
  test('T3: views gained in the last days, of both kinds; unknown ids only in not_found', async () => {
    const { a, b } = await example();
    const video = await insertVideoOf(db, owner, a.id, new Date('2026-03-02T15:00:00Z'));
    const answer = await api.post('/videos/deltas', { video_ids: [video, absent, a.id, b.id], windows: [7, 1, 2, 7] });
    expect(answer.body).toEqual({
      data: {
        [video]: { '7d': 50, '1d': 0, '2d': -10 },
        [a.id]: { '7d': 90, '1d': 0, '2d': -10 },
        [b.id]: { '7d': 450, '1d': 150, '2d': 450 },
      },
      meta: { windows: [7, 1, 2], video_count: 3, not_found: [absent] },
    });
    expect(Object.keys(answer.data)).toEqual([video, a.id, b.id]);
    const { items } = await api.get(`/account-videos/${a.id}/analytics/timeseries?period=7d`);
    expect(items.reduce((sum, { views }) => sum + Number(views ?? 0), 0)).toBe(90);
  });

  test.each([[{}], [{ windows: null }]])('windows are 1, 7, 14 and 30 days by default: %j', async (body) => {
    const { b } = await example();
    const answer = await api.post('/videos/deltas', { video_ids: [b.id], ...body });
    expect(answer.meta.windows).toEqual([1, 7, 14, 30]);
    expect(answer.data[b.id]).toEqual({ '1d': 150, '7d': 450, '14d': 450, '30d': 450 });
  });

  test('the days move on with the clock', async () => {
    const { b } = await example();
    clock.set('2026-03-07T00:00:00Z');
    const { data } = await api.post('/videos/deltas', { video_ids: [b.id], windows: [1, 2, 365] });
    expect(data[b.id]).toEqual({ '1d': 0, '2d': 150, '365d': 450 });
  });

  test.each([
    ['windows.0', [0]],
    ['windows.0', [366]],
    ['windows.1', [1, 1.5]],
    ['windows.0', ['7']],
    ['windows', []],
    ['windows', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ['windows', 7],
  ])('422 %s: %j', async (field, windows) => {
    expect(await api.post('/videos/deltas', { video_ids: [absent], windows })).toMatchObject({
      status: 422,
      errors: [{ field }],
    });
  });
});

const uuidBatches = [
  ['/accounts/metrics', 'account_ids'],
  ['/videos/metrics', 'video_ids'],
  ['/videos/deltas', 'video_ids'],
] as const;
const metricsBatches = [
  ['/accounts/metrics', { account_ids: [absent] }],
  ['/videos/metrics', { video_ids: [absent] }],
  ['/account-videos/metrics', { instagram_post_ids: [1] }],
] as const;

describe.each(uuidBatches)('every batch of uuids: POST %s', (path, list) => {
  test('ids in any letter case, keys in lower case; an id sent twice is answered once', async () => {
    const { accountId, a } = await example();
    const id = list === 'account_ids' ? accountId : a.id;
    const ids = [id.toUpperCase(), absent.toUpperCase(), id, absent];
    const answer = await api.post(path, { [list]: ids });
    expect(Object.keys(answer.data)).toEqual([id]);
    expect(answer.meta.not_found).toEqual([absent]);
  });

  test.each([
    [undefined, '', 'is required'],
    [null, '', expect.stringContaining('list')],
    [[], '', 'must contain between 1 and 200 items'],
    [Array(201).fill(absent), '', 'must contain between 1 and 200 items'],
    [[absent, 'x'], '.1', 'must be a UUID'],
    [[absent, 5], '.1', 'must be a UUID'],
  ])('422: %s', async (ids, place, message) => {
    const answer = await api.post(path, { [list]: ids });
    expect(answer).toMatchObject({ status: 422, errors: [{ field: `${list}${place}`, message }] });
  });

  test('200 ids are answered; duplicates count toward the bound', async () => {
    expect((await api.post(path, { [list]: Array(200).fill(absent) })).meta.not_found).toEqual([absent]);
    expect((await api.post(path, { [list]: Array(201).fill(absent) })).status).toBe(422);
  });

  test('T11 #14: ids of another organization are not found', async () => {
    const { accountId, a } = await example();
    const video = await insertVideoOf(db, owner, a.id, new Date('2026-03-02T15:00:00Z'));
    const ids = list === 'account_ids' ? [accountId] : [a.id, video];
    expect((await api.post(path, { [list]: ids })).meta.not_found).toEqual([]);
    expect(await other.post(path, { [list]: ids })).toMatchObject({ status: 200, data: {}, meta: { not_found: ids } });
    await api.delete(`/accounts/${accountId}`);
    await sql`update videos set deleted_at = now() where video_id = ${video}`.execute(db);
    expect((await api.post(path, { [list]: ids })).meta.not_found).toEqual(ids);
  });
});

describe.each(metricsBatches)('every window in a body: POST %s', (path, ids) => {
  test.each([
    ['period', { period: '14d' }, 'must be one of: 7d, 30d, 90d, custom'],
    ['period', { period: 7 }, 'must be one of: 7d, 30d, 90d, custom'],
    ['end_date', { start_date: '2026-03-01' }, 'is required'],
    ['start_date', { period: 'custom', end_date: '2026-03-01' }, 'is required'],
    ['start_date', { start_date: '2026-3-1', end_date: '2026-03-01' }, 'must be a date (YYYY-MM-DD)'],
    ['end_date', { start_date: '2026-03-01', end_date: '2026-03-07' }, 'must not be in the future'],
    ['start_date', { start_date: '2026-03-02', end_date: '2026-03-01' }, 'must not be after end_date'],
    ['start_date', { start_date: '2025-03-05', end_date: '2026-03-06' }, 'must be at most 365 days before end_date'],
  ])('422 %s: %j', async (field, window, message) => {
    clock.set(today);
    expect(await api.post(path, { ...ids, ...window })).toMatchObject({ status: 422, errors: [{ field, message }] });
  });

  test.each([
    [{}, '30d', 30],
    [{ period: null, start_date: null, end_date: null }, '30d', 30],
    [{ period: '90d', start_date: 'x', end_date: '2999-01-01' }, '90d', 90],
    [{ start_date: '2025-03-06', end_date: '2026-03-06' }, 'custom', 366],
    [{ start_date: '0001-01-01', end_date: '0001-12-31' }, 'custom', 365],
  ])('%j', async (window, period, days) => {
    clock.set(today);
    expect(await api.post(path, { ...ids, ...window })).toMatchObject({ status: 200, meta: { period, days } });
  });
});

test('T11 #3: a key that may only read is enough', async () => {
  const reader = apiOf(app, (await createKey(db, owner.organizationId, ['read'])).apiKey);
  for (const [path, body] of [...metricsBatches, ['/videos/deltas', { video_ids: [absent] }]] as const) {
    expect((await reader.post(path, body)).status).toBe(200);
  }
});

test('every failing field is named at once', async () => {
  const answer = await api.post('/videos/metrics', { video_ids: ['x'], period: '8d', start_date: 5 });
  expect(answer.errors.map(({ field }) => field).sort()).toEqual(['period', 'start_date', 'video_ids.0']);
  const ofDates = await api.post('/videos/metrics', { video_ids: [absent], start_date: 5, end_date: '2026-3-1' });
  expect(ofDates.errors.map(({ field }) => field).sort()).toEqual(['end_date', 'start_date']);
});
