import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { insertAccount, insertDay } from '../../../../test/support/books.ts';
import { refreshNow, systemContext, testClock, track } from '../../../../test/support/collecting.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { peopleSource } from '../../../../test/support/people-source.ts';
import { ensurePartitions } from '../../../database/partitions.ts';
import { updateAccount } from '../../../services/accounts/update-account.ts';

const { db } = await testDatabase();
await ensurePartitions(db, '2025-01-01', '2026-03-31');
const clock = new TestClock('2026-03-06T12:00:00Z');
const app = await testApp(db, { clock });
const owner = await createOrganization(db);
const api = apiOf(app, owner.apiKey);

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

async function newCreator(...accounts: object[]) {
  const creatorId = (await api.post('/creators', { name: 'Rivals' })).id;
  const ids: string[] = [];
  for (const account of accounts) ids.push(await insertAccount(db, owner, { ...account, creator_id: creatorId }));
  return { creatorId, accounts: ids };
}

/** The worked example of contract v2 §3. */
async function insertExample(accountId: string) {
  const days = { '2026-03-02': 40, '2026-03-03': 60, '2026-03-05': 290, '2026-03-06': 150 };
  for (const [day, views] of Object.entries(days)) await insertDay(db, accountId, day, { views });
}

describe('time series of an account', () => {
  test('before any reading: 200, empty', async () => {
    const accountId = await insertAccount(db, owner);
    const answer = await api.get(`/accounts/${accountId}/analytics/timeseries?period=30d`);
    expect(answer.body).toEqual({
      data: [],
      meta: { period: '30d', start_date: '2026-02-05', end_date: '2026-03-06', days: 30, first_reading_date: null },
    });
  });

  test('from the first reading to the end of the window; the gap day is null', async () => {
    const accountId = await insertAccount(db, owner);
    await insertExample(accountId);
    const { items, meta } = await api.get(`/accounts/${accountId}/analytics/timeseries`);
    expect(items.map((point) => point.date)).toEqual([
      '2026-03-02',
      '2026-03-03',
      '2026-03-04',
      '2026-03-05',
      '2026-03-06',
    ]);
    expect(items.map((point) => point.views)).toEqual([40, 60, null, 290, 150]);
    expect(items[2]).toEqual({ date: '2026-03-04', ...unread });
    expect(meta).toMatchObject({ period: '30d', first_reading_date: '2026-03-02' });
  });

  test('of a custom window has the same points within it', async () => {
    const accountId = await insertAccount(db, owner);
    await insertExample(accountId);
    const path = `/accounts/${accountId}/analytics/timeseries?start_date=`;
    const part = await api.get(`${path}2026-03-03&end_date=2026-03-05`);
    expect(part.items.map((point) => point.views)).toEqual([60, null, 290]);
    expect(part.meta).toMatchObject({ period: 'custom', days: 3, first_reading_date: '2026-03-03' });
    const gap = await api.get(`${path}2026-03-04&end_date=2026-03-04`);
    expect(gap).toMatchObject({ items: [], meta: { first_reading_date: null } });
  });

  test.each([
    ['end_date', 'period=custom&start_date=2026-03-01', 'is required'],
    ['start_date', 'start_date=2026-3-1&end_date=2026-03-02', 'must be a date (YYYY-MM-DD)'],
    ['end_date', 'start_date=2026-03-01&end_date=2026-03-07', 'must not be in the future'],
    ['start_date', 'start_date=2026-03-03&end_date=2026-03-02', 'must not be after end_date'],
    ['start_date', 'start_date=2025-03-05&end_date=2026-03-06', 'must be at most 365 days before end_date'],
    ['period', 'period=14d', 'must be one of: 7d, 30d, 90d, custom'],
  ])('refuses a bad %s: %s', async (field, query, message) => {
    const accountId = await insertAccount(db, owner);
    for (const path of [`/accounts/${accountId}/analytics`, `/accounts/${accountId}/analytics/timeseries`]) {
      expect(await api.get(`${path}?${query}`)).toMatchObject({ status: 422, errors: [{ field, message }] });
    }
  });

  test.each(['start_date=2025-03-06&end_date=2026-03-06', 'start_date=0001-01-01&end_date=0001-12-31'])(
    'accepts %s',
    async (query) => {
      const accountId = await insertAccount(db, owner);
      for (const path of ['analytics', 'analytics/timeseries']) {
        expect((await api.get(`/accounts/${accountId}/${path}?${query}`)).status).toBe(200);
      }
    },
  );
});

describe('snapshot of an account', () => {
  test('before any reading: 0 now, unknown before', async () => {
    const accountId = await insertAccount(db, owner);
    const { data } = await api.get(`/accounts/${accountId}/analytics`);
    expect(data).toMatchObject({
      type: 'analytics',
      scope: 'account',
      id: accountId,
      start_date: '2026-02-05',
      end_date: '2026-03-06',
      days: 30,
      ...unread,
      views: 0,
      plays: 0,
      likes: 0,
      comments: 0,
      shares: 0,
      engagement: 0,
      previous: unread,
    });
    expect(Object.values(data.changes as object)).toEqual(Array.from({ length: 9 }, () => null));
    expect(Object.values(data.daily as object)).toEqual(Array.from({ length: 9 }, () => []));
  });

  test('has the sums of the days, the level at the end, and the change to the window before', async () => {
    const accountId = await insertAccount(db, owner);
    await insertDay(db, accountId, '2026-01-01', { views: 9, followers: 80 });
    await insertDay(db, accountId, '2026-02-24', { views: 100, likes: 10, saves: 4 });
    await insertDay(db, accountId, '2026-02-28', { views: 100, plays: 5, likes: 20, comments: 1, followers: 100 });
    await insertDay(db, accountId, '2026-03-01', { views: -50, plays: 10, likes: 5, comments: 2, shares: 1, saves: 3 });
    await insertDay(db, accountId, '2026-03-03', { views: 250, followers: 90 });
    await insertDay(db, accountId, '2026-03-05', { likes: 1 });
    const { data } = await api.get(`/accounts/${accountId}/analytics?start_date=2026-03-01&end_date=2026-03-05`);
    expect(data).toMatchObject({
      days: 5,
      views: 200,
      plays: 10,
      likes: 6,
      comments: 2,
      shares: 1,
      saves: 3,
      followers: 90,
      engagement: 9,
      engagement_rate: 4.5,
      previous: {
        views: 200,
        plays: 5,
        likes: 30,
        comments: 1,
        shares: 0,
        saves: 4,
        followers: 100,
        engagement: 31,
        engagement_rate: 15.5,
      },
      changes: {
        views_pct: 0,
        plays_pct: 100,
        likes_pct: -80,
        comments_pct: 100,
        shares_pct: null,
        saves_pct: -25,
        followers_pct: -10,
        engagement_pct: -70.97,
        engagement_rate_pct: -70.97,
      },
    });
    const daily = data.daily as Record<string, unknown[]>;
    expect(daily.views).toEqual([
      { date: '2026-03-01', value: -50 },
      { date: '2026-03-02', value: null },
      { date: '2026-03-03', value: 250 },
      { date: '2026-03-04', value: null },
      { date: '2026-03-05', value: null },
    ]);
    expect(daily.engagement_rate?.[0]).toEqual({ date: '2026-03-01', value: null });
    const series = await api.get(
      `/accounts/${accountId}/analytics/timeseries?start_date=2026-03-01&end_date=2026-03-05`,
    );
    for (const [name, points] of Object.entries(daily)) {
      expect(points).toEqual(series.items.map((point) => ({ date: point.date, value: point[name] })));
    }
  });

  test('carries the follower level over windows in which the profile was not read', async () => {
    const accountId = await insertAccount(db, owner);
    await insertDay(db, accountId, '2025-12-01', { followers: 500 });
    const { data } = await api.get(`/accounts/${accountId}/analytics?period=7d`);
    expect(data).toMatchObject({ followers: 500, views: 0, previous: { followers: 500, views: 0 } });
    expect(data.changes).toMatchObject({ followers_pct: 0, views_pct: null });
    const before = await api.get(`/accounts/${accountId}/analytics?start_date=2025-11-01&end_date=2025-11-30`);
    expect(before.data).toMatchObject({ followers: null, views: 0, previous: unread });
  });

  test('knows no saves on TikTok, and 0 saves where Instagram gives them but none were read', async () => {
    const tiktok = await insertAccount(db, owner, { platform: 'tiktok' });
    await insertDay(db, tiktok, '2026-03-05', { views: 1, saves: 8 });
    expect((await api.get(`/accounts/${tiktok}/analytics`)).data.saves).toBeNull();
    expect((await api.get(`/accounts/${tiktok}/analytics/timeseries`)).items[0]).toMatchObject({ saves: null });
    const instagram = await insertAccount(db, owner, { saved_count: 12 });
    await insertDay(db, instagram, '2025-12-01', { views: 3, saves: 12 });
    await insertDay(db, instagram, '2026-03-05', { views: 1 });
    expect((await api.get(`/accounts/${instagram}/analytics`)).data.saves).toBe(0);
  });
});

describe('a creator', () => {
  test('without accounts, or before readings: 200, empty', async () => {
    for (const accounts of [[], [{}]]) {
      const { creatorId } = await newCreator(...accounts);
      const series = await api.get(`/creators/${creatorId}/analytics/timeseries?period=30d`);
      expect(series).toMatchObject({ status: 200, items: [], meta: { first_reading_date: null } });
      const { data } = await api.get(`/creators/${creatorId}/analytics`);
      expect(data).toMatchObject({ scope: 'creator', id: creatorId, views: 0, followers: null, previous: unread });
    }
  });

  test('sums its accounts; followers of a day are the latest levels of all, null when no profile was read', async () => {
    const { creatorId, accounts } = await newCreator({}, { platform: 'tiktok' }, {});
    const [a = '', b = '', c = ''] = accounts;
    await insertDay(db, a, '2026-01-15', { views: 7, followers: 1000 });
    await insertDay(db, a, '2026-03-02', { views: 10, likes: 1, saves: 2, followers: 1100 });
    await insertDay(db, a, '2026-03-04', { views: 5 });
    await insertDay(db, b, '2026-03-02', { views: -3, comments: 2, saves: 99, followers: 50 });
    await insertDay(db, b, '2026-03-05', { followers: 40 });
    await insertDay(db, c, '2026-03-05', { shares: 1, followers: 5 });
    const { items } = await api.get(
      `/creators/${creatorId}/analytics/timeseries?start_date=2026-03-01&end_date=2026-03-06`,
    );
    expect(items).toEqual([
      {
        ...unread,
        date: '2026-03-02',
        views: 7,
        likes: 1,
        comments: 2,
        saves: 2,
        followers: 1150,
        engagement: 3,
        engagement_rate: 42.86,
      },
      { ...unread, date: '2026-03-03' },
      { ...unread, date: '2026-03-04', views: 5 },
      { ...unread, date: '2026-03-05', shares: 1, followers: 1145, engagement: 1 },
      { ...unread, date: '2026-03-06' },
    ]);
    const { data } = await api.get(`/creators/${creatorId}/analytics?start_date=2026-03-01&end_date=2026-03-06`);
    expect(data).toMatchObject({
      views: 12,
      engagement: 4,
      saves: 2,
      followers: 1145,
      previous: { views: 0, followers: 1000, saves: null },
      changes: { followers_pct: 14.5, views_pct: null },
    });
  });

  test('is its accounts linked now, with their whole history, paused ones too', async () => {
    const { creatorId, accounts } = await newCreator({}, { is_active: false });
    const [a = '', b = ''] = accounts;
    await insertDay(db, a, '2026-03-02', { views: 10 });
    await insertDay(db, b, '2026-03-02', { views: 5 });
    const late = await insertAccount(db, owner);
    await insertDay(db, late, '2026-03-01', { views: 100 });
    const views = async () => (await api.get(`/creators/${creatorId}/analytics?period=7d`)).data.views;
    expect(await views()).toBe(15);
    await api.put(`/creators/${creatorId}/accounts/${late}`);
    expect(await views()).toBe(115);
    await api.delete(`/creators/${creatorId}/accounts/${b}`);
    expect(await views()).toBe(110);
    await api.delete(`/accounts/${a}`);
    expect(await views()).toBe(100);
  });

  test('that links two accounts of one profile counts it once', async () => {
    const person = { id: '990', name: 'old_name', followers: 70, views: 100 };
    const w = { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [peopleSource([person])] };
    const creatorId = (await api.post('/creators', { name: 'Both' })).id;
    const first = await track(w, owner.organizationId, person.name);
    await api.put(`/creators/${creatorId}/accounts/${first.accountId}`);
    await refreshNow(w, first.profileId);
    person.name = 'new_name';
    w.clock.add(24);
    const second = await track(w, owner.organizationId, person.name);
    expect(await refreshNow(w, second.profileId)).toEqual({ status: 'merged', into: first.profileId });
    for (const views of [110, 125]) {
      w.clock.add(1);
      Object.assign(person, { views, followers: views - 35 });
      await refreshNow(w, first.profileId);
    }
    const figures = async () => {
      const { data } = await api.get(`/creators/${creatorId}/analytics?period=7d`);
      const { items } = await api.get(`/creators/${creatorId}/analytics/timeseries?period=7d`);
      const { name, accounts_summary: summary } = (await api.get(`/creators/${creatorId}`)).data;
      const top = (await api.get('/creators/top?period=7d&limit=25')).items.find(({ id }) => id === creatorId);
      return { data, items, name, followers: (summary as Record<string, unknown>).total_followers, top };
    };
    const alone = await figures();
    expect(alone).toMatchObject({ data: { views: 25, followers: 90 }, followers: 90 });
    await api.put(`/creators/${creatorId}/accounts/${second.accountId}`);
    const both = await figures();
    const { accounts_summary: summary } = (await api.get(`/creators/${creatorId}`)).data;
    expect(summary).toMatchObject({ total: 2, platforms: { instagram: 2 } });
    expect({ ...both, top: null }).toEqual({ ...alone, top: null });
    const { accounts_summary: _, rank: __, ...ranked } = both.top ?? {};
    expect(alone.top).toMatchObject(ranked);
    // The other one began at its own first reading.
    await api.delete(`/accounts/${first.accountId}`);
    expect((await figures()).data).toMatchObject({ views: 15 });
  });

  test('goes on with the account that goes on, of two that look at one profile', async () => {
    const person = { id: '991', name: 'was_called', followers: 500, views: 100 };
    const w = { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [peopleSource([person])] };
    const creatorId = (await api.post('/creators', { name: 'Both' })).id;
    const first = await track(w, owner.organizationId, person.name);
    await refreshNow(w, first.profileId);
    person.name = 'is_called';
    const second = await track(w, owner.organizationId, person.name);
    await refreshNow(w, second.profileId);
    for (const { accountId } of [first, second]) await api.put(`/creators/${creatorId}/accounts/${accountId}`);
    w.clock.add(1);
    await refreshNow(w, first.profileId);
    w.clock.add(1);
    await updateAccount(systemContext(db, owner.organizationId, w.clock), {
      accountId: first.accountId,
      changes: { is_active: false },
    });
    for (let day = 0; day < 3; day += 1) {
      w.clock.add(24);
      Object.assign(person, { views: person.views + 1000, followers: person.followers + 7 });
      await refreshNow(w, first.profileId);
    }
    const { items } = await api.get(`/creators/${creatorId}/analytics/timeseries?period=7d`);
    expect(items.map(({ views, followers }) => [views, followers])).toEqual([
      [0, 500],
      [1000, 507],
      [1000, 514],
      [1000, 521],
      [null, null],
    ]);
    expect((await api.get(`/creators/${creatorId}`)).data.accounts_summary).toMatchObject({ total_followers: 521 });
    const { items: ranks } = await api.get('/creators/top?period=7d&limit=25');
    expect(ranks.find(({ id }) => id === creatorId)).toMatchObject({
      views: 3000,
      followers: 521,
      followers_gained: 21,
    });
  });

  test('sums as the accounts alone would, whatever was read when', async () => {
    const { creatorId, accounts } = await newCreator({}, {}, {}, {});
    let state = 7;
    const random = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    for (const accountId of accounts) {
      for (let day = 1; day <= 28; day++) {
        if (random(3) === 0) continue;
        const date = `2026-02-${String(day).padStart(2, '0')}`;
        const followers = random(2) === 0 ? null : random(1000);
        await insertDay(db, accountId, date, {
          views: random(100) - 20,
          likes: random(2) ? null : random(9),
          followers,
        });
      }
    }
    const window = 'start_date=2026-02-10&end_date=2026-02-28';
    const whole = await api.get(`/creators/${creatorId}/analytics?${window}`);
    const parts = await Promise.all(accounts.map((id) => api.get(`/accounts/${id}/analytics?${window}`)));
    for (const name of ['views', 'likes', 'followers', 'engagement']) {
      expect(whole.data[name]).toBe(parts.reduce((sum, part) => sum + Number(part.data[name]), 0));
    }
    const before = whole.data.previous as Record<string, number>;
    expect(before.followers).toBe(
      parts.reduce((sum, part) => sum + Number((part.data.previous as Record<string, number>).followers), 0),
    );
  });
});

test('T1: a competitor set is tracked from group to series', async () => {
  const group = { name: 'Rivals T1' };
  const created = await api.post('/creators', group, { 'idempotency-key': 'grp-t1' });
  expect(created).toMatchObject({ status: 201, headers: { location: `/v2/creators/${created.id}` } });
  const repeated = await api.post('/creators', group, { 'idempotency-key': 'grp-t1' });
  expect(repeated).toMatchObject({ status: 201, id: created.id, headers: { 'idempotent-replayed': 'true' } });
  expect((await api.get(`/creators?q=${encodeURIComponent(group.name)}`)).items).toHaveLength(1);
  const accounts: string[] = [];
  for (const [platform, username] of [
    ['instagram', 'north_a'],
    ['tiktok', 'south_b'],
    ['instagram', 'west_c'],
  ] as const) {
    const account = await api.post('/accounts', { platform, username }, { 'idempotency-key': `add-${username}` });
    expect(account).toMatchObject({ status: 201, data: { last_scrape_time: null } });
    const linked = await api.put(`/creators/${created.id}/accounts/${account.id}`);
    expect(linked).toMatchObject({ status: 201, data: { type: 'creator_account_link', account_id: account.id } });
    accounts.push(account.id);
  }
  const [first = '', second = '', third = ''] = accounts;
  const path = `/creators/${created.id}/analytics/timeseries`;
  expect(await api.get(`${path}?period=30d`)).toMatchObject({ items: [], meta: { first_reading_date: null } });
  await insertDay(db, first, '2026-03-04', { views: 1 });
  await insertDay(db, second, '2026-03-06', { views: 2 });
  // Rows put there by hand change no data version; the unlinking does.
  expect((await api.delete(`/creators/${created.id}/accounts/${third}`)).status).toBe(204);
  const series = await api.get(`${path}?period=30d`);
  expect(series.items.map((point) => point.views)).toEqual([1, null, 2]);
  const custom = await api.get(`${path}?period=custom&start_date=2026-03-05&end_date=2026-03-06`);
  expect(custom.items.map((point) => point.views)).toEqual([2]);
  expect((await api.get(`${path}?period=custom&start_date=2026-03-05`)).status).toBe(422);
  expect(await api.get(`/accounts/${third}`)).toMatchObject({ status: 200, data: { creator_id: null } });
  expect((await api.delete(`/creators/${created.id}/accounts/${third}`)).status).toBe(404);
});
