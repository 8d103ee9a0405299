import { describe, expect, test } from 'vitest';
import { type Api, apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { insertAccount, insertDay, type Owner } from '../../../../test/support/books.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { ensurePartitions } from '../../../database/partitions.ts';

const { db } = await testDatabase();
await ensurePartitions(db, '2025-10-01', '2026-03-31');
const app = await testApp(db, { clock: new TestClock('2026-03-14T12:00:00Z') });

async function newOwner(): Promise<Owner & { api: Api }> {
  const organization = await createOrganization(db);
  return { ...organization, api: apiOf(app, organization.apiKey) };
}

/** A creator with an account for each list of days. */
async function newCreator({ api, ...owner }: Owner & { api: Api }, name: string, ...accounts: Days[]): Promise<string> {
  const { id } = await api.post('/creators', { name });
  for (const days of accounts) {
    const accountId = await insertAccount(db, owner, { creator_id: id });
    for (const [day, columns] of Object.entries(days)) await insertDay(db, accountId, day, columns);
  }
  return id;
}

type Days = Record<string, Record<string, number>>;
const names = (items: Record<string, unknown>[]) => items.map((item) => item.name);

describe('T2 creator leaderboard', () => {
  test('steps 1 to 5: ranks without gaps, figures as in the snapshot of each creator', async () => {
    const owner = await newOwner();
    const { api } = owner;
    expect((await api.get('/whoami')).data.type).toBe('whoami');
    await newCreator(owner, 'Ada', { '2026-03-01': { views: 100, likes: 5, followers: 10 } });
    await newCreator(
      owner,
      'Bo',
      { '2026-02-13': { views: 30, plays: 8, followers: 90 }, '2026-03-14': { views: 200, shares: 4, followers: 100 } },
      { '2026-03-02': { views: -10, comments: 2, followers: 7 }, '2026-02-01': { views: 9999, followers: 5 } },
    );
    await newCreator(owner, 'Cy');
    const { items, meta, status } = await api.get('/creators/top?period=30d&limit=25');
    expect(status).toBe(200);
    expect(items.map((item) => item.rank)).toEqual([1, 2, 3]);
    expect(names(items)).toEqual(['Bo', 'Ada', 'Cy']);
    expect(items.map((item) => item.views)).toEqual([220, 100, 0]);
    expect(items.map((item) => item.followers_gained)).toEqual([12, 0, 0]);
    expect(meta).toEqual({
      period: '30d',
      start_date: '2026-02-13',
      end_date: '2026-03-14',
      days: 30,
      metric: 'views',
      limit: 25,
    });
    for (const item of items) {
      const query = `start_date=${String(meta.start_date)}&end_date=${String(meta.end_date)}`;
      const { data } = await api.get(`/creators/${String(item.id)}/analytics?${query}`);
      for (const name of [
        'views',
        'plays',
        'likes',
        'comments',
        'shares',
        'engagement',
        'engagement_rate',
        'followers',
      ]) {
        expect([item.name, name, item[name]]).toEqual([item.name, name, data[name]]);
      }
      const { data: creator } = await api.get(`/creators/${String(item.id)}`);
      expect(item.accounts_summary).toEqual(creator.accounts_summary);
    }
    expect(names(await api.walk('/creators?limit=200'))).toEqual(['Ada', 'Bo', 'Cy']);
  });

  test.each([
    ['limit', 'limit=26', 'must be between 1 and 25'],
    ['limit', 'limit=0', 'must be between 1 and 25'],
    ['period', 'period=custom&start_date=2026-03-01&end_date=2026-03-02', 'must be one of: 7d, 30d, 90d'],
    ['metric', 'metric=saves', 'must be one of: views, likes, engagement, followers_gained, engagement_rate'],
  ])('step 6: a bad %s is refused: %s', async (field, query, message) => {
    const { api } = await newOwner();
    expect(await api.get(`/creators/top?${query}`)).toMatchObject({ status: 422, errors: [{ field, message }] });
  });
});

describe('§5.3 list_top_creators', () => {
  test('T4 step 3: at most limit; by default 10 by views of 30 days', async () => {
    const owner = await newOwner();
    for (let i = 0; i < 11; i += 1) await newCreator(owner, `c${i}`);
    const { items, meta } = await owner.api.get('/creators/top');
    expect(items).toHaveLength(10);
    expect(meta).toMatchObject({ period: '30d', metric: 'views', limit: 10 });
    const five = await owner.api.get('/creators/top?period=7d&limit=5');
    expect(five.items).toHaveLength(5);
    expect(five.items[0]).toMatchObject({ type: 'creator_rank', name: 'c0', views: 0 });
  });

  test('every metric orders, null last, equal ones by name and then id', async () => {
    const owner = await newOwner();
    await newCreator(owner, 'b', { '2026-03-10': { views: 100, likes: 1 } });
    await newCreator(owner, 'a', { '2026-03-10': { views: 100, likes: 10, comments: 1 } });
    const day = { '2026-03-09': { followers: 10 }, '2026-03-10': { likes: 10, comments: 5, followers: 15 } };
    await newCreator(owner, 'c', day);
    const twins = [await newCreator(owner, 'twin'), await newCreator(owner, 'twin')].sort();
    const order = async (metric: string) => names((await owner.api.get(`/creators/top?metric=${metric}`)).items);
    expect(await order('views')).toEqual(['a', 'b', 'c', 'twin', 'twin']);
    expect(await order('likes')).toEqual(['a', 'c', 'b', 'twin', 'twin']);
    expect(await order('engagement')).toEqual(['c', 'a', 'b', 'twin', 'twin']);
    expect(await order('followers_gained')).toEqual(['c', 'a', 'b', 'twin', 'twin']);
    expect(await order('engagement_rate')).toEqual(['a', 'b', 'c', 'twin', 'twin']);
    const { items } = await owner.api.get('/creators/top');
    expect(items.slice(3).map((item) => item.id)).toEqual(twins);
    expect(items[4]).toMatchObject({
      rank: 5,
      views: 0,
      engagement: 0,
      engagement_rate: null,
      followers: null,
      followers_gained: 0,
      accounts_summary: { total: 0, platforms: {}, total_followers: 0 },
    });
  });

  test('an account linked now counts with its whole history, an unlinked or deleted one not at all', async () => {
    const owner = await newOwner();
    const { api } = owner;
    const creator = await newCreator(owner, 'A', { '2026-03-10': { views: 5, followers: 5 } });
    const late = await insertAccount(db, owner);
    await insertDay(db, late, '2026-03-01', { views: 100, followers: 50 });
    await insertDay(db, late, '2026-03-10', { followers: 60 });
    const top = async () => (await api.get('/creators/top')).items[0];
    expect(await top()).toMatchObject({ views: 5, followers: 5, followers_gained: 0 });
    await api.put(`/creators/${creator}/accounts/${late}`);
    expect(await top()).toMatchObject({ views: 105, followers: 65, followers_gained: 10 });
    await api.delete(`/accounts/${late}`);
    expect(await top()).toMatchObject({ views: 5, followers: 5, followers_gained: 0 });
  });

  test('is none of another organization', async () => {
    const other = await newOwner();
    await newCreator(other, 'theirs');
    expect((await (await newOwner()).api.get('/creators/top')).items).toEqual([]);
  });
});
