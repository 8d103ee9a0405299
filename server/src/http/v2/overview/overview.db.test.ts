import { describe, expect, test } from 'vitest';
import { type Api, apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import {
  insertAccount,
  insertAccountVideo,
  insertDay,
  insertVideo,
  insertVideoDay,
  type Owner,
} from '../../../../test/support/books.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { ensurePartitions } from '../../../database/partitions.ts';

const { db } = await testDatabase();
await ensurePartitions(db, '2025-09-01', '2026-03-31');
const clock = new TestClock('2026-03-14T12:00:00Z');
const app = await testApp(db, { clock });

async function newOwner(): Promise<Owner & { api: Api }> {
  const organization = await createOrganization(db);
  return { ...organization, api: apiOf(app, organization.apiKey) };
}

const at = (day: string) => new Date(`${day}T09:00:00Z`);
const zero = { total_views: 0, engagement_rate: 0, active_accounts: 0, account_videos: 0, tracked_videos: 0 };

describe('T4 weekly digest', () => {
  test('1: numeric views, likes and followers; views = current.total_views', async () => {
    const { api, ...owner } = await newOwner();
    const account = await insertAccount(db, owner, { added_at: at('2026-03-01') });
    await insertDay(db, account, '2026-03-09', { views: 40, likes: 2, comments: 1, shares: 1, followers: 90 });
    const { status, data } = await api.get('/overview?period=7d');
    expect({ status, data }).toMatchObject({
      status: 200,
      data: { type: 'overview', views: 40, likes: 2, comments: 1, shares: 1, followers: 90 },
    });
    expect(data.current).toMatchObject({ total_views: 40, engagement_rate: 10, active_accounts: 1 });
  });

  test('2: no period is 7d; custom and others are refused', async () => {
    const { api } = await newOwner();
    const week = await api.get('/overview?period=7d');
    expect((await api.get('/overview')).body).toEqual(week.body);
    for (const period of ['custom', '14d', '']) {
      expect(await api.get(`/overview?period=${period}&start_date=2026-03-01&end_date=2026-03-02`)).toMatchObject({
        status: 422,
        errors: [{ field: 'period', message: 'must be one of: 7d, 30d, 90d' }],
      });
    }
  });

  test('4: previous 0, current not: null; both 0: 0', async () => {
    const { api, ...owner } = await newOwner();
    const empty = (await api.get('/overview')).data;
    expect(empty).toMatchObject({ current: zero, previous: zero, views: 0, followers: 0 });
    expect(new Set(Object.values(empty.changes as object))).toEqual(new Set([0]));
    const account = await insertAccount(db, owner);
    await insertDay(db, account, '2026-03-09', { views: 40 });
    // Rows put there by hand change no data version.
    await api.post('/creators', { name: 'x' });
    expect((await api.get('/overview')).data.changes).toMatchObject({ total_views_pct: null, engagement_rate_pct: 0 });
  });
});

describe('§5.5 overview', () => {
  test.each([
    ['7d', 10, 20, -50],
    ['30d', 30, 0, null],
    ['90d', 30, 0, null],
  ])('%s: views of the window and of the one before', async (period, current, previous, change) => {
    const { api, ...owner } = await newOwner();
    const account = await insertAccount(db, owner);
    const video = await insertVideo(db, owner);
    await insertDay(db, account, '2026-03-08', { views: 4 });
    await insertVideoDay(db, owner, video, '2026-03-14', { views: 6 });
    await insertDay(db, account, '2026-03-07', { views: 20 });
    await insertDay(db, account, '2025-09-15', { views: 1000 });
    const { data } = await api.get(`/overview?period=${period}`);
    expect(data).toMatchObject({
      current: { total_views: current },
      previous: { total_views: previous },
      changes: { total_views_pct: change },
      views: current,
    });
  });

  test('counts are those of the end of each window: added later, paused since, deleted now', async () => {
    const { api, ...owner } = await newOwner();
    const early = { added_at: at('2026-03-01') };
    const kept = await insertAccount(db, owner, early);
    const pausedLater = await insertAccount(db, owner, early);
    await insertAccount(db, owner, { added_at: at('2026-03-09') });
    const deleted = await insertAccount(db, owner, early);
    await insertAccountVideo(db, kept, { added_at: at('2026-03-02') });
    await insertAccountVideo(db, kept, { added_at: at('2026-03-08') });
    await insertAccountVideo(db, pausedLater, { added_at: at('2026-03-07') });
    await insertAccountVideo(db, deleted, { added_at: at('2026-03-02') });
    await insertVideo(db, owner, { added_at: at('2026-03-07'), is_active: false });
    await insertVideo(db, owner, { added_at: at('2026-03-08') });
    await insertVideo(db, owner, { added_at: at('2026-03-02'), deleted_at: at('2026-03-03') });
    await api.patch(`/accounts/${pausedLater}`, { is_active: false });
    await api.delete(`/accounts/${deleted}`);
    const { data } = await api.get('/overview');
    expect(data).toMatchObject({
      current: { active_accounts: 2, account_videos: 3, tracked_videos: 2 },
      previous: { active_accounts: 2, account_videos: 2, tracked_videos: 1 },
      changes: { active_accounts_pct: 0, account_videos_pct: 50, tracked_videos_pct: 100 },
    });
    clock.set('2026-03-21T12:00:00Z');
    const later = (await api.get('/overview')).data;
    expect(later).toMatchObject({
      current: { active_accounts: 2, account_videos: 3, tracked_videos: 2 },
      previous: { active_accounts: 2, account_videos: 3, tracked_videos: 2 },
    });
    await api.patch(`/accounts/${pausedLater}`, { is_active: true });
    expect((await api.get('/overview')).data).toMatchObject({
      current: { active_accounts: 3 },
      previous: { active_accounts: 2 },
    });
    clock.set('2026-03-14T12:00:00Z');
  });

  test('another organization adds nothing', async () => {
    const { api } = await newOwner();
    const other = await newOwner();
    const account = await insertAccount(db, other);
    await insertDay(db, account, '2026-03-09', { views: 40, followers: 7 });
    expect((await api.get('/overview')).data).toMatchObject({ current: zero, followers: 0 });
  });
});
