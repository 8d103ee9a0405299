import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { type Api, apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { insertAccount, insertDay, insertVideo, insertVideoDay, type Owner } from '../../../../test/support/books.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { ensurePartitions } from '../../../database/partitions.ts';

const { db } = await testDatabase();
await ensurePartitions(db, '2025-01-01', '2026-03-31');
const clock = new TestClock('2026-03-06T12:00:00Z');
const app = await testApp(db, { clock });

const unread = {
  views: null,
  plays: null,
  likes: null,
  comments: null,
  shares: null,
  saves: null,
  followers: null,
  engagement: null,
  engagement_rate: null,
};

/** An organization of the test's own: its figures are those of everything in it. */
async function newOwner(): Promise<Owner & { api: Api }> {
  const organization = await createOrganization(db);
  return { ...organization, api: apiOf(app, organization.apiKey) };
}

describe('§5.4 analytics of the organization', () => {
  test('before any reading: 200, figures 0 and an empty series', async () => {
    const { api, organizationId } = await newOwner();
    const { data } = await api.get('/analytics');
    expect(data).toMatchObject({ type: 'analytics', scope: 'organization', id: organizationId, days: 30 });
    expect(data).toMatchObject({ ...unread, views: 0, plays: 0, likes: 0, comments: 0, shares: 0, engagement: 0 });
    expect(data).toMatchObject({ previous: unread, start_date: '2026-02-05', end_date: '2026-03-06' });
    expect(await api.get('/analytics/timeseries')).toMatchObject({
      items: [],
      meta: { period: '30d', first_reading_date: null },
    });
  });

  test.each([
    ['period', 'period=14d', 'must be one of: 7d, 30d, 90d, custom'],
    ['end_date', 'period=custom&start_date=2026-03-01', 'is required'],
    ['end_date', 'start_date=2026-03-01&end_date=2026-03-07', 'must not be in the future'],
    ['start_date', 'start_date=2026-03-03&end_date=2026-03-02', 'must not be after end_date'],
  ])('refuses a bad %s: %s', async (field, query, message) => {
    const { api } = await newOwner();
    for (const path of ['/analytics', '/analytics/timeseries']) {
      expect(await api.get(`${path}?${query}`)).toMatchObject({ status: 422, errors: [{ field, message }] });
    }
  });

  test('§3: sums accounts and posts tracked on their own; the day nobody read is null', async () => {
    const { api, ...owner } = await newOwner();
    const a = await insertAccount(db, owner);
    const b = await insertAccount(db, owner, { platform: 'tiktok', is_active: false });
    const video = await insertVideo(db, owner);
    await insertDay(db, a, '2026-03-02', { views: 10, likes: 1, saves: 2, followers: 100 });
    await insertDay(db, b, '2026-03-02', { views: -4, comments: 3, saves: 50, followers: 7 });
    await insertVideoDay(db, owner, video, '2026-03-02', { views: 5, saves: 1 });
    await insertVideoDay(db, owner, video, '2026-03-04', { shares: 2 });
    await insertDay(db, b, '2026-03-05', { followers: 4 });
    const { items, meta } = await api.get('/analytics/timeseries?period=7d');
    expect(items).toEqual([
      {
        ...unread,
        date: '2026-03-02',
        views: 11,
        likes: 1,
        comments: 3,
        saves: 3,
        followers: 107,
        engagement: 4,
        engagement_rate: 36.36,
      },
      { ...unread, date: '2026-03-03' },
      { ...unread, date: '2026-03-04', shares: 2, engagement: 2 },
      { ...unread, date: '2026-03-05', followers: 104 },
      { ...unread, date: '2026-03-06' },
    ]);
    expect(meta).toMatchObject({ period: '7d', days: 7, first_reading_date: '2026-03-02' });
    const { data } = await api.get('/analytics?period=7d');
    expect(data).toMatchObject({ views: 11, shares: 2, engagement: 6, saves: 3, followers: 104, previous: unread });
    const daily = data.daily as Record<string, unknown[]>;
    for (const [name, points] of Object.entries(daily)) {
      expect(points).toEqual(items.map((point) => ({ date: point.date, value: point[name] })));
    }
  });

  test('§3: what was deleted is out of every window', async () => {
    const { api, ...owner } = await newOwner();
    const kept = await insertAccount(db, owner);
    const gone = await insertAccount(db, owner, { deleted_at: new Date('2026-03-05T00:00:00Z') });
    const goneVideo = await insertVideo(db, owner, { deleted_at: new Date('2026-03-05T00:00:00Z') });
    await insertDay(db, kept, '2026-03-03', { views: 1, followers: 10 });
    await insertDay(db, gone, '2026-02-03', { views: 1000, followers: 500 });
    await insertDay(db, gone, '2026-03-03', { views: 1000, followers: 500 });
    await insertVideoDay(db, owner, goneVideo, '2026-03-03', { views: 1000 });
    expect((await api.get('/analytics')).data).toMatchObject({ views: 1, followers: 10, previous: unread });
  });

  test('§3: followers of a profile that is tracked under two handles count once', async () => {
    const { api, ...owner } = await newOwner();
    const first = await insertAccount(db, owner, { counted_from: new Date('2026-03-01T00:00:00Z') });
    const profile = await db
      .selectFrom('accounts')
      .select('profile_id')
      .where('account_id', '=', first)
      .executeTakeFirstOrThrow();
    const second = await insertAccount(db, owner, { ...profile, counted_from: new Date('2026-03-02T00:00:00Z') });
    await insertDay(db, first, '2026-03-03', { followers: 100 });
    await insertDay(db, second, '2026-03-03', { followers: 100 });
    await sql`
      insert into profile_readings (profile_id, read_at, confirmed_at, follower_count, precision, source)
      values (${profile.profile_id}, '2026-03-03T09:00:00Z', '2026-03-03T09:00:00Z', 100, 'exact', 'test')`.execute(db);
    expect((await api.get('/analytics')).data).toMatchObject({ followers: 100 });
    await api.delete(`/accounts/${first}`);
    expect((await api.get('/analytics')).data).toMatchObject({ followers: 100 });
  });

  test('§4.6: the window before, its changes, and the level carried over windows without a reading', async () => {
    const { api, ...owner } = await newOwner();
    const a = await insertAccount(db, owner, { saved_count: 9 });
    await insertDay(db, a, '2025-12-01', { views: 1, saves: 9, followers: 50 });
    await insertDay(db, a, '2026-02-25', { views: 200, likes: 10, followers: 80 });
    await insertDay(db, a, '2026-03-04', { views: 50, likes: 5 });
    const { data } = await api.get('/analytics?period=7d');
    expect(data).toMatchObject({
      views: 50,
      followers: 80,
      saves: 0,
      previous: { views: 200, followers: 80, engagement_rate: 5, saves: 0 },
      changes: { views_pct: -75, likes_pct: -50, followers_pct: 0, plays_pct: null },
    });
    const early = await api.get('/analytics?start_date=2026-01-01&end_date=2026-01-10');
    expect(early.data).toMatchObject({ views: 0, followers: 50, previous: { views: 0, followers: 50 } });
  });

  test('sums as the accounts alone would, whatever was read when', async () => {
    const { api, ...owner } = await newOwner();
    const accounts = [await insertAccount(db, owner), await insertAccount(db, owner), await insertAccount(db, owner)];
    let state = 11;
    const random = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    for (const accountId of accounts) {
      for (let day = 1; day <= 28; day++) {
        if (random(3) === 0) continue;
        const followers = random(2) === 0 ? null : random(1000);
        const columns = { views: random(100) - 20, likes: random(2) ? null : random(9), followers };
        await insertDay(db, accountId, `2026-02-${String(day).padStart(2, '0')}`, columns);
      }
    }
    const window = 'start_date=2026-02-10&end_date=2026-02-28';
    const whole = (await api.get(`/analytics?${window}`)).data;
    const parts = await Promise.all(accounts.map((id) => api.get(`/accounts/${id}/analytics?${window}`)));
    const creator = await api.post('/creators', { name: 'All' });
    for (const id of accounts) await api.put(`/creators/${creator.id}/accounts/${id}`);
    const group = (await api.get(`/creators/${creator.id}/analytics?${window}`)).data;
    for (const name of ['views', 'likes', 'followers', 'engagement']) {
      expect(whole[name]).toBe(parts.reduce((sum, part) => sum + Number(part.data[name]), 0));
    }
    for (const name of ['previous', 'changes', 'daily']) expect(whole[name]).toEqual(group[name]);
  });
});
