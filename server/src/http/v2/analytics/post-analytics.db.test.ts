import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { nextId } from '../../../../test/support/books.ts';
import { refreshNow, testClock, track } from '../../../../test/support/collecting.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { observedPost, scriptedSource } from '../../../../test/support/scripted-source.ts';
import { insertVideoOf } from '../../../../test/support/video.ts';
import type { Platform } from '../../../sources/source.ts';

const { db } = await testDatabase();
const clock = testClock('2026-03-02T09:00:00Z');
const source = scriptedSource();
const collecting = { db, clock, sources: [source] };
const app = await testApp(db, { clock });
const owner = await createOrganization(db);
const api = apiOf(app, owner.apiKey);
const other = apiOf(app, (await createOrganization(db)).apiKey);

let made = 0;

/** An account and what its refreshes read, each at a time. */
async function tracked(platform: Platform = 'instagram') {
  made += 1;
  const username = `posts_${made}`;
  const { accountId, profileId } = await track(collecting, owner.organizationId, username, platform);
  const read = async (time: string, posts: typeof source.script.posts) => {
    clock.set(time);
    source.script.posts = posts;
    await refreshNow(collecting, profileId);
  };
  const videoOf = async (externalId: string): Promise<string> => {
    const { rows } = await sql<{ id: string }>`
      select account_video_id as id from account_videos where account_id = ${accountId} and external_id = ${externalId}`.execute(
      db,
    );
    return rows[0]?.id ?? '';
  };
  return { accountId, profileId, read, videoOf };
}

const values = (items: Record<string, unknown>[], name: string) => items.map((point) => point[name]);

/** The worked example of contract v2 §3. */
async function example() {
  clock.set('2026-03-02T09:00:00Z');
  const account = await tracked();
  const a = (viewCount: number) =>
    observedPost(`${made}1`, { viewCount }, { createTime: new Date('2026-02-20T00:00:00Z') });
  const b = (viewCount: number) =>
    observedPost(`${made}2`, { viewCount }, { createTime: new Date('2026-03-04T08:00:00Z') });
  await account.read('2026-03-02T10:00:00Z', [a(1000)]);
  await account.read('2026-03-02T20:00:00Z', [a(1040)]);
  await account.read('2026-03-03T10:00:00Z', [a(1100)]);
  await account.read('2026-03-05T10:00:00Z', [a(1090), b(300)]);
  await account.read('2026-03-06T10:00:00Z', [b(450)]);
  return { ...account, a: await account.videoOf(`${made}1`), b: await account.videoOf(`${made}2`) };
}

describe('T8 step 5, T11 #29: the worked example, post by post', () => {
  test('a falling counter is a negative day; a day without a reading is null; the sum is the window figure', async () => {
    const { a, b, accountId } = await example();
    const series = await api.get(`/account-videos/${a}/analytics/timeseries?period=7d`);
    expect(values(series.items, 'date')).toEqual([
      '2026-03-02',
      '2026-03-03',
      '2026-03-04',
      '2026-03-05',
      '2026-03-06',
    ]);
    expect(values(series.items, 'views')).toEqual([40, 60, null, -10, null]);
    expect(series.meta).toEqual({
      period: '7d',
      start_date: '2026-02-28',
      end_date: '2026-03-06',
      days: 7,
      first_reading_date: '2026-03-02',
    });
    const late = await api.get(`/account-videos/${b}/analytics/timeseries?period=7d`);
    expect(values(late.items, 'views')).toEqual([300, 150]);
    const figures = await Promise.all([a, b].map((id) => api.get(`/account-videos/${id}/analytics?period=7d`)));
    expect(figures.map(({ data }) => data.views)).toEqual([90, 450]);
    expect((await api.get(`/accounts/${accountId}/analytics?period=7d`)).data.views).toBe(540);
  });

  test.each([
    ['2026-03-03', '2026-03-05', [60, null, -10], 50],
    ['2026-03-04', '2026-03-04', [], 0],
    ['2026-03-02', '2026-03-02', [40], 40],
    ['2026-03-05', '2026-03-06', [-10, null], -10],
    ['2026-02-01', '2026-03-01', [], 0],
  ])('within %s to %s', async (start, end, days, figure) => {
    const { a } = await example();
    const window = `start_date=${start}&end_date=${end}`;
    expect(values((await api.get(`/account-videos/${a}/analytics/timeseries?${window}`)).items, 'views')).toEqual(days);
    expect((await api.get(`/account-videos/${a}/analytics?${window}`)).data.views).toBe(figure);
  });
});

describe('a snapshot', () => {
  test('compares with the window before and lists the days; a post has no followers', async () => {
    const { b } = await example();
    const window = 'start_date=2026-03-06&end_date=2026-03-06';
    const { data } = await api.get(`/account-videos/${b}/analytics?${window}`);
    expect(data).toMatchObject({
      type: 'analytics',
      scope: 'account_video',
      id: b,
      start_date: '2026-03-06',
      end_date: '2026-03-06',
      days: 1,
      views: 150,
      likes: 0,
      engagement: 0,
      engagement_rate: 0,
      saves: null,
      followers: null,
      previous: { views: 300, likes: 0, saves: null, followers: null, engagement: 0 },
      changes: { views_pct: -50, likes_pct: null, followers_pct: null },
    });
    const { items } = await api.get(`/account-videos/${b}/analytics/timeseries?${window}`);
    for (const [name, points] of Object.entries(data.daily as Record<string, unknown>)) {
      expect(points).toEqual(items.map((point) => ({ date: point.date, value: point[name] })));
    }
  });

  test('previous is unknown without any reading up to its end, and 0 when the only reading lies before it', async () => {
    const { a } = await example();
    const on = async (day: string) =>
      (await api.get(`/account-videos/${a}/analytics?start_date=${day}&end_date=${day}`)).data;
    const first = await on('2026-03-02');
    expect(Object.values(first.previous as object).every((value) => value === null)).toBe(true);
    expect(Object.values(first.changes as object).every((value) => value === null)).toBe(true);
    expect((await on('2026-03-05')).previous).toMatchObject({ views: 0, engagement_rate: null });
    expect((await on('2026-03-06')).previous).toMatchObject({ views: -10 });
  });

  test('before any reading: 0 now, unknown before, no days', async () => {
    clock.set('2026-03-06T12:00:00Z');
    const { a } = await example();
    await sql`update account_videos set added_at = '2026-03-06T11:00:00Z' where account_video_id = ${a}`.execute(db);
    const { data } = await api.get(`/account-videos/${a}/analytics`);
    expect(data).toMatchObject({
      views: 0,
      plays: 0,
      likes: 0,
      comments: 0,
      shares: 0,
      engagement: 0,
      engagement_rate: null,
    });
    expect(Object.values(data.previous as object).every((value) => value === null)).toBe(true);
    expect(Object.values(data.daily as object)).toEqual(Array.from({ length: 9 }, () => []));
    const series = await api.get(`/account-videos/${a}/analytics/timeseries`);
    expect(series).toMatchObject({ status: 200, items: [], meta: { first_reading_date: null } });
  });

  test('saves are known on Instagram only, and 0 where they are known but were not read', async () => {
    clock.set('2026-01-05T09:00:00Z');
    for (const [platform, day, unread] of [
      ['instagram', 4, 0],
      ['tiktok', null, null],
    ] as const) {
      const account = await tracked(platform);
      const post = (savedCount: number | null) => observedPost(`${made}1`, { likeCount: 5, savedCount });
      await account.read('2026-01-05T10:00:00Z', [post(10)]);
      await account.read('2026-01-06T10:00:00Z', [post(14)]);
      await account.read('2026-01-20T10:00:00Z', [post(null)]);
      const path = `/account-videos/${await account.videoOf(`${made}1`)}/analytics`;
      const of = async (window: string) => (await api.get(`${path}?${window}`)).data;
      expect((await of('start_date=2026-01-06&end_date=2026-01-06')).saves).toBe(day);
      expect((await of('start_date=2026-01-15&end_date=2026-01-20')).saves).toBe(unread);
      const series = await api.get(`${path}/timeseries?start_date=2026-01-06&end_date=2026-01-07`);
      expect(series.items[0]).toMatchObject({ likes: 0, saves: day });
      clock.set('2026-01-05T09:00:00Z');
    }
  });
});

describe('a counter that some readings do not give', () => {
  test('is null that day, and its gain falls on the next day that gives it, however long ago it was last given', async () => {
    clock.set('2025-11-01T09:00:00Z');
    const account = await tracked();
    const post = (viewCount: number, likeCount: number | null) => observedPost(`${made}1`, { viewCount, likeCount });
    await account.read('2025-11-01T10:00:00Z', [post(100, 10)]);
    for (const day of [2, 3, 4]) await account.read(`2025-12-0${day}T10:00:00Z`, [post(100 + day, null)]);
    await account.read('2025-12-05T10:00:00Z', [post(105, 17)]);
    const path = `/account-videos/${await account.videoOf(`${made}1`)}/analytics`;
    const window = 'start_date=2025-12-04&end_date=2025-12-05';
    expect(values((await api.get(`${path}/timeseries?${window}`)).items, 'likes')).toEqual([null, 7]);
    expect((await api.get(`${path}?${window}`)).data).toMatchObject({
      views: 2,
      likes: 7,
      engagement: 7,
      engagement_rate: 350,
    });
  });
});

describe('a post tracked on its own', () => {
  test('starts at its own first reading, whatever an account saw before', async () => {
    clock.set('2026-02-01T09:00:00Z');
    const account = await tracked();
    const post = (viewCount: number) =>
      observedPost(`${made}1`, { viewCount, likeCount: 1 }, { createTime: new Date('2026-01-01T00:00:00Z') });
    await account.read('2026-02-01T10:00:00Z', [post(10)]);
    await account.read('2026-02-02T10:00:00Z', [post(30)]);
    const accountVideo = await account.videoOf(`${made}1`);
    await account.read('2026-02-03T10:00:00Z', [post(35)]);
    await account.read('2026-02-04T10:00:00Z', [post(47)]);
    const video = await insertVideoOf(db, owner, accountVideo, new Date('2026-02-02T12:00:00Z'));
    const window = 'start_date=2026-02-01&end_date=2026-02-04';
    const series = async (path: string) =>
      values((await api.get(`${path}/analytics/timeseries?${window}`)).items, 'views');
    expect(await series(`/account-videos/${accountVideo}`)).toEqual([0, 20, 5, 12]);
    expect(await series(`/videos/${video}`)).toEqual([0, 12]);
    expect((await api.get(`/videos/${video}/analytics?${window}`)).data).toMatchObject({
      scope: 'video',
      id: video,
      views: 12,
      saves: null,
    });
  });

  test('that was not found yet has no figures', async () => {
    const { a } = await example();
    const video = await insertVideoOf(db, owner, a, new Date('2026-03-02T09:00:00Z'));
    await sql`
      update videos set profile_id = null, post_id = null, view_count = null, play_count = null, like_count = null, comment_count = null,
        share_count = null, saved_count = null where video_id = ${video}`.execute(db);
    expect((await api.get(`/videos/${video}/analytics`)).data).toMatchObject({
      views: 0,
      saves: null,
      followers: null,
    });
    expect((await api.get(`/videos/${video}/analytics/timeseries`)).items).toEqual([]);
  });

  test('does not count what was read while it was paused', async () => {
    const { a } = await example();
    const video = await insertVideoOf(db, owner, a, new Date('2026-03-02T09:00:00Z'));
    await sql`
      insert into video_pauses (organization_id, video_id, started_at, ended_at, reason) values
      (${owner.organizationId}, ${video}, '2026-03-02T15:00:00Z', '2026-03-04T00:00:00Z', 'paused')`.execute(db);
    const { items } = await api.get(`/videos/${video}/analytics/timeseries?period=7d`);
    expect(values(items, 'views')).toEqual([0, null, null, 90, null]);
    expect((await api.get(`/videos/${video}/analytics?period=7d`)).data.views).toBe(90);
    // The held post alone was paused: the account's own series goes on.
    expect(values((await api.get(`/account-videos/${a}/analytics/timeseries?period=7d`)).items, 'views')).toEqual([
      40,
      60,
      null,
      -10,
      null,
    ]);
  });
});

test('404: unknown, malformed, of another organization, of the other kind, deleted', async () => {
  const { a, accountId } = await example();
  const video = await insertVideoOf(db, owner, a, new Date('2026-03-02T09:00:00Z'));
  for (const tail of ['analytics', 'analytics/timeseries']) {
    for (const path of [
      `/videos/${nextId()}`,
      `/account-videos/${nextId()}`,
      '/videos/x',
      '/account-videos/x',
      `/videos/${a}`,
      `/account-videos/${video}`,
    ]) {
      expect((await api.get(`${path}/${tail}`)).status).toBe(404);
    }
    for (const path of [`/videos/${video.toUpperCase()}`, `/account-videos/${a.toUpperCase()}`]) {
      expect((await api.get(`${path}/${tail}`)).status).toBe(200);
      expect((await other.get(`${path}/${tail}`)).status).toBe(404);
    }
  }
  await api.delete(`/accounts/${accountId}`);
  await sql`update videos set deleted_at = now() where video_id = ${video}`.execute(db);
  expect((await api.get(`/account-videos/${a}/analytics`)).status).toBe(404);
  await sql`update organization_versions set version = version + 1`.execute(db);
  expect((await api.get(`/videos/${video}/analytics`)).status).toBe(404);
});

test.each(['period=14d', 'period=custom', 'start_date=2026-03-05', 'start_date=2026-03-06&end_date=2026-03-05'])(
  '422: %s',
  async (query) => {
    const { a } = await example();
    const video = await insertVideoOf(db, owner, a, new Date('2026-03-02T09:00:00Z'));
    for (const path of [`/videos/${video}`, `/account-videos/${a}`]) {
      for (const tail of ['analytics', 'analytics/timeseries']) {
        expect((await api.get(`${path}/${tail}?${query}`)).status).toBe(422);
      }
    }
  },
);
