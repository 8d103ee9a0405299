import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { type Api, apiOf } from '../../test/support/api.ts';
import { testApp } from '../../test/support/app.ts';
import { refreshNow, systemContext, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, scriptedSource } from '../../test/support/scripted-source.ts';
import { updateOrganization } from '../services/organizations/update-organization.ts';
import { runDoctor } from './doctor.ts';

// Contract §4.1, §5.1, §5.8: how many posts an account begins to hold, and what that does to every total.

const { db } = await testDatabase();
const clock = testClock('2026-03-02T09:00:00Z');
const app = await testApp(db, { clock });
afterAll(() => app.close());

let made = 0;

/** An account whose feed has six posts, one a week, the newest of 28 February; each seen `views` times. */
async function world() {
  clock.set('2026-03-02T09:00:00Z');
  const organization = await createOrganization(db);
  const source = scriptedSource();
  const collecting = { db, clock, sources: [source] };
  made += 1;
  const tracked = await track(collecting, organization.organizationId, `limited_${made}`);
  const api = apiOf(app, organization.apiKey);
  const { id: creatorId } = await api.post('/creators', { name: 'Group' });
  await api.put(`/creators/${creatorId}/accounts/${tracked.accountId}`);
  const read = async (views: number) => {
    clock.add(24);
    source.script.posts = [0, 7, 14, 21, 28, 35].map((daysBefore) =>
      observedPost(
        String(1000 + daysBefore),
        { viewCount: views },
        {
          createTime: new Date(Date.UTC(2026, 1, 28 - daysBefore, 12)),
        },
      ),
    );
    await refreshNow(collecting, tracked.profileId);
  };
  return { ...organization, ...tracked, api, creatorId, read };
}

/** How many posts each answer speaks for. Every post gained `gain` views today. */
async function heldBy(
  api: Api,
  accountId: string,
  creatorId: string,
  { views, gain }: { views: number; gain: number },
) {
  const { data: account } = await api.get(`/accounts/${accountId}`);
  const today = async (path: string) => {
    const series = (await api.get(`${path}/analytics/timeseries?period=7d`)).items;
    return Number(series.at(-1)?.views) / gain;
  };
  const listed = await api.get('/account-videos?include_total=true&limit=1');
  const metrics = await api.post('/account-videos/metrics', {
    instagram_post_ids: (await api.walk('/account-videos')).map((post) => post.internal_id),
    period: '7d',
  });
  const figures = Object.values(metrics.data) as { views: number }[];
  const overview = (await api.get('/overview')).data as { current: { account_videos: number } };
  return {
    account: account.total_post_count,
    sum: Number(account.view_count) / views,
    list: listed.pagination.total_count,
    accountSeries: await today(`/accounts/${accountId}`),
    creatorSeries: await today(`/creators/${creatorId}`),
    organizationSeries: await today(''),
    postsWithGains: figures.filter(({ views: gained }) => gained > 0).length,
    overview: overview.current.account_videos,
  };
}

const all = (count: number) => ({
  account: count,
  sum: count,
  list: count,
  accountSeries: count,
  creatorSeries: count,
  organizationSeries: count,
  postsWithGains: count,
  overview: count,
});

describe('how many posts an account holds', () => {
  it('follows its own limit, and posts held stay when it shrinks', async () => {
    const { api, accountId, creatorId, read } = await world();
    const limit = async (changes: object) => {
      expect((await api.patch(`/accounts/${accountId}`, changes)).status).toBe(200);
    };
    await limit({ max_recent_posts_per_account: 2 });
    await read(100);
    await read(110);
    expect(await heldBy(api, accountId, creatorId, { views: 110, gain: 10 })).toEqual(all(2));
    await limit({ max_recent_posts_per_account: 4 });
    await read(120);
    await read(130);
    expect(await heldBy(api, accountId, creatorId, { views: 130, gain: 10 })).toEqual(all(4));
    await limit({ max_recent_posts_per_account: 1 });
    await read(140);
    expect(await heldBy(api, accountId, creatorId, { views: 140, gain: 10 })).toEqual(all(4));
    await limit({ max_recent_posts_per_account: null });
    await read(150);
    await read(160);
    expect(await heldBy(api, accountId, creatorId, { views: 160, gain: 10 })).toEqual(all(6));
  });

  it('follows how far it looks back', async () => {
    const { api, accountId, creatorId, read } = await world();
    await api.patch(`/accounts/${accountId}`, { post_lookback_days: 14 });
    await read(100);
    await read(110);
    // On 4 March: the posts of 28 and 21 February.
    expect(await heldBy(api, accountId, creatorId, { views: 110, gain: 10 })).toEqual(all(2));
  });

  it("follows the organization's limits where it has none of its own", async () => {
    const { api, accountId, creatorId, read, organizationId } = await world();
    const ctx = systemContext(db, organizationId, clock);
    await updateOrganization(ctx, { max_recent_posts_per_account: 3, post_lookback_days: 365 });
    expect((await api.get(`/accounts/${accountId}`)).data).toMatchObject({
      max_recent_posts_per_account: null,
      effective_max_recent_posts_per_account: 3,
      effective_post_lookback_days: 365,
    });
    await read(100);
    await read(110);
    expect(await heldBy(api, accountId, creatorId, { views: 110, gain: 10 })).toEqual(all(3));
    await api.patch(`/accounts/${accountId}`, { max_recent_posts_per_account: 5 });
    await read(120);
    await read(130);
    expect(await heldBy(api, accountId, creatorId, { views: 130, gain: 10 })).toEqual(all(5));
    await updateOrganization(ctx, { max_recent_posts_per_account: null });
    await api.patch(`/accounts/${accountId}`, { max_recent_posts_per_account: null });
    await read(140);
    await read(150);
    expect(await heldBy(api, accountId, creatorId, { views: 150, gain: 10 })).toEqual(all(6));
  });

  it('leaves books that the readings confirm', async () => {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from account_videos`.execute(db);
    expect(rows[0]?.count).toBeGreaterThan(0);
    expect((await runDoctor({ db })).checks.flatMap((check) => check.failures)).toEqual([]);
  });
});
