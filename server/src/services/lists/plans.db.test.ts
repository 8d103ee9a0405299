import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { silentLogger } from '../../../test/support/logger.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { type PlanNode, watchPlans } from '../../../test/support/plans.ts';
import { systemClock } from '../../clock.ts';
import { type AccountVideoSortKey, listAccountVideos } from '../account-videos/list-account-videos.ts';
import { type AccountSortKey, listAccounts } from '../accounts/list-accounts.ts';
import { getAccountTimeseries } from '../analytics/get-account-timeseries.ts';
import { getCreatorAnalytics } from '../analytics/get-creator-analytics.ts';
import type { Context } from '../context.ts';
import { listCreators } from '../creators/list-creators.ts';
import { search } from '../search/search.ts';
import { listVideos, type VideoSortKey } from '../videos/list-videos.ts';

// The cost of a page must not grow with what the organization holds: each query walks an index and sorts nothing.

const { db, pool } = await testDatabase();
const { organizationId, projectId } = await createOrganization(db);
const creatorId = '00000000-0000-7000-8000-00000000000c';
const accountId = '00000000-0000-7000-8000-000000000001';

const { db: watched, plansOf } = watchPlans(pool);
const ctx: Context = {
  actor: { type: 'system', name: 'test' },
  organizationId,
  db: watched,
  clock: systemClock,
  logger: silentLogger,
  requestId: 'test',
};

beforeAll(async () => {
  const id = sql`('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid`;
  await sql`
    insert into creators (organization_id, creator_id, name, name_folded, created_at)
    select ${organizationId}, ${id}, 'creator ' || i, 'creator ' || i, now() from generate_series(1, 3000) i`.execute(
    db,
  );
  await sql`
    insert into accounts (organization_id, account_id, project_id, profile_id, platform, username, scrape_interval_hours, added_at,
      counted_from, last_scrape_time, follower_count, view_count, creator_id)
    select ${organizationId}, ${id}, ${projectId}, i, 'instagram', 'user' || i, 24, now() - i * interval '1 minute', now(),
      case when i % 3 > 0 then now() - i * interval '1 minute' end, i, i, case when i <= 20 then ${creatorId}::uuid end
    from generate_series(1, 5000) i`.execute(db);
  await sql`
    insert into posts (profile_id, post_id, external_id, first_seen_at, updated_at)
    select i % 5000 + 1, i, i::text, now(), now() from generate_series(1, 20000) i`.execute(db);
  await sql`
    insert into account_videos (organization_id, account_video_id, account_id, profile_id, post_id, external_id, platform, added_at, create_time,
      counts_from_zero, view_count, play_count, like_count, comment_count, share_count)
    select ${organizationId}, ${id}, ('00000000-0000-7000-8000-' || lpad(to_hex(i % 5000 + 1), 12, '0'))::uuid, i % 5000 + 1, i, i::text,
      'instagram', now() - i * interval '1 minute', case when i % 9 > 0 then now() - i * interval '1 minute' end, false,
      nullif(i % 9, 0), nullif(i % 9, 0), nullif(i % 9, 0), nullif(i % 9, 0), nullif(i % 9, 0)
    from generate_series(1, 20000) i`.execute(db);
  await sql`
    insert into tracked_posts (platform, external_id, created_at)
    select 'instagram', i::text, now() from generate_series(1, 20000) i`.execute(db);
  await sql`
    insert into videos (organization_id, video_id, project_id, platform, external_id, profile_id, post_id, scrape_interval_hours, added_at,
      counted_from, updated_at, create_time, view_count, play_count, like_count)
    select ${organizationId}, ${id}, ${projectId}, 'instagram', i::text, i % 5000 + 1, i, 24, now() - i * interval '1 minute',
      now(), now(), case when i % 9 > 0 then now() - i * interval '1 minute' end, nullif(i % 9, 0), nullif(i % 9, 0), nullif(i % 9, 0)
    from generate_series(1, 20000) i`.execute(db);
  await sql`
    insert into captions (organization_id, item_id, kind, profile_id, post_id, posted_at, folded)
    select ${organizationId}, ${id}, 'account_video', i % 5000 + 1, i, now() - i * interval '1 minute',
      'words as people write them, and number ' || i
    from generate_series(1, 20000) i`.execute(db);
  await sql`select ensure_month_partitions((now() - interval '90 days')::date, now()::date)`.execute(db);
  await sql`
    insert into account_days (organization_id, account_id, day, views, followers)
    select ${organizationId}, ${id}, now()::date - d, d, i from generate_series(1, 1000) i, generate_series(0, 60) d`.execute(
    db,
  );
  await sql`analyze`.execute(db);
});

const bigTables = ['accounts', 'account_videos', 'captions', 'posts', 'creators', 'videos', 'tracked_posts'];
const isBig = ({ 'Relation Name': name = '' }: PlanNode) => bigTables.includes(name) || name.startsWith('account_days');
// A scan that costs nothing is one of an empty partition.
const scansOf = (plan: PlanNode[]) =>
  plan.filter((node) => node['Node Type'] === 'Seq Scan' && isBig(node) && node['Total Cost'] > 0);
// Whichever of an author's accounts was added first is found by sorting the few there are, mostly one.
const sortsOf = (plan: PlanNode[]) =>
  plan.filter((node) => node['Node Type'].includes('Sort') && node['Plan Rows'] > 1);
const indexesOf = (plan: PlanNode[]) => plan.map((node) => node['Index Name']);

const page = { limit: 50, filters: {}, includeTotal: false } as const;
const directions = ['asc', 'desc'] as const;

async function expectWalk(index: string, work: () => Promise<unknown>, queryCount: number) {
  const plans = await plansOf(work);
  expect(plans).toHaveLength(queryCount);
  for (const plan of plans) {
    expect(scansOf(plan)).toEqual([]);
    expect(sortsOf(plan)).toEqual([]);
    expect(indexesOf(plan)).toContain(index);
  }
}

const somewhere = '00000000-0000-7000-8000-000000000100';

describe('accounts', () => {
  const values: Record<AccountSortKey, string | number> = {
    added_at: Date.UTC(2026, 0, 1) * 1000,
    username: 'user2',
    last_scrape_time: Date.UTC(2026, 0, 1) * 1000,
    follower_count: 2500,
    view_count: 2500,
    like_count: 0,
    play_count: 0,
  };
  const keys = Object.keys(values) as AccountSortKey[];
  test.each(keys.flatMap((key) => directions.map((direction) => [key, direction] as const)))(
    'by %s %s',
    async (orderBy, orderDirection) => {
      const index = `accounts_by_${orderBy}`;
      const list = (after: { value: string | number | null; id: string } | null) =>
        listAccounts(ctx, { ...page, orderBy, orderDirection, after });
      await expectWalk(index, () => list(null), 1);
      const value = orderBy === 'last_scrape_time' ? (Date.now() - 1000 * 60_000) * 1000 : values[orderBy];
      await expectWalk(index, () => list({ value, id: somewhere }), 1);
      if (orderBy === 'last_scrape_time') await expectWalk(index, () => list({ value: null, id: somewhere }), 1);
    },
  );

  test('of a creator', async () => {
    const input = { ...page, orderBy: 'added_at', orderDirection: 'desc', after: null } as const;
    const [plan = []] = await plansOf(() => listAccounts(ctx, { ...input, filters: { creator_id: creatorId } }));
    expect(scansOf(plan)).toEqual([]);
    expect(indexesOf(plan)).toContain('accounts_by_creator');
  });
});

describe('posts', () => {
  const keys = [
    'create_time',
    'added_at',
    'view_count',
    'play_count',
    'like_count',
    'comment_count',
    'share_count',
  ] as const;
  const middle = (orderBy: AccountVideoSortKey) =>
    orderBy.endsWith('_count') ? 5 : (Date.now() - 10_000 * 60_000) * 1000;
  test.each(keys.flatMap((key) => directions.map((direction) => [key, direction] as const)))(
    'by %s %s',
    async (orderBy, orderDirection) => {
      const index = `account_videos_by_${orderBy}`;
      const list = (after: { value: string | number | null; id: string } | null) =>
        listAccountVideos(ctx, { ...page, orderBy, orderDirection, after });
      await expectWalk(index, () => list(null), 1);
      await expectWalk(index, () => list({ value: middle(orderBy), id: somewhere }), 1);
      if (orderBy !== 'added_at') await expectWalk(index, () => list({ value: null, id: somewhere }), 1);
    },
  );

  test.each(directions)('of one account, by posting time %s', async (orderDirection) => {
    const input = { ...page, orderBy: 'create_time', orderDirection, after: null, limit: 2 } as const;
    await expectWalk(
      'account_videos_by_account',
      () => listAccountVideos(ctx, { ...input, filters: { account_id: accountId } }),
      1,
    );
  });
});

describe('videos', () => {
  const keys = ['added_at', 'create_time', 'view_count', 'like_count', 'play_count'] as const;
  const middle = (orderBy: VideoSortKey) => (orderBy.endsWith('_count') ? 5 : (Date.now() - 10_000 * 60_000) * 1000);
  test.each(keys.flatMap((key) => directions.map((direction) => [key, direction] as const)))(
    'by %s %s',
    async (orderBy, orderDirection) => {
      const index = `videos_by_${orderBy}`;
      const list = (after: { value: string | number | null; id: string } | null) =>
        listVideos(ctx, { ...page, orderBy, orderDirection, after });
      await expectWalk(index, () => list(null), 1);
      await expectWalk(index, () => list({ value: middle(orderBy), id: somewhere }), 1);
      if (orderBy !== 'added_at') await expectWalk(index, () => list({ value: null, id: somewhere }), 1);
    },
  );

  const newest = { ...page, orderBy: 'added_at', orderDirection: 'desc', after: null } as const;

  test('of one author', async () => {
    const [plan = []] = await plansOf(() => listVideos(ctx, { ...newest, filters: { account_id: accountId } }));
    expect(scansOf(plan)).toEqual([]);
    expect(indexesOf(plan)).toContain('videos_by_profile');
  });

  test('counting looks at nothing but the videos', async () => {
    const [, plan = []] = await plansOf(() => listVideos(ctx, { ...newest, limit: 1, includeTotal: true }));
    const tables = plan.map((node) => node['Relation Name']).filter((name) => name !== undefined);
    expect(tables).toEqual(['videos']);
  });
});

test.each(directions)('creators by name %s', async (orderDirection) => {
  const list = (value: string | null) =>
    listCreators(ctx, {
      ...page,
      orderBy: 'name',
      orderDirection,
      after: value === null ? null : { value, id: somewhere },
    });
  await expectWalk('creators_by_name', () => list(null), 1);
  await expectWalk('creators_by_name', () => list('creator 2'), 1);
});

describe('text', () => {
  const inOrder = { ...page, orderBy: 'create_time', orderDirection: 'desc', after: null } as const;

  test.each(['number 19999', '🦄', 'zq', '東', '%'])('search for %s', async (q) => {
    const plans = await plansOf(() => search(ctx, { q, limit: 25 }));
    expect(plans.flatMap(scansOf)).toEqual([]);
    const indexes = plans.map((plan) => indexesOf(plan).filter((name) => name !== undefined));
    expect(indexes).toContainEqual(expect.arrayContaining(['captions_newest']));
    expect(indexes).toContainEqual(expect.arrayContaining(['captions_by_runs']));
    expect(indexes).toContainEqual(['accounts_by_username', 'accounts_by_username', 'accounts_pkey']);
    expect(indexes).toContainEqual(['creators_by_folded_name', 'creators_by_folded_name']);
  });

  test('a frequent text ends the search among the newest', async () => {
    const plans = await plansOf(() => search(ctx, { q: 'people', limit: 25 }));
    expect(plans.flatMap(indexesOf)).not.toContain('captions_by_runs');
  });

  test('in the list of posts: a rare one looks posts up, a frequent one filters as it walks', async () => {
    const rare = await plansOf(() => listAccountVideos(ctx, { ...inOrder, filters: { q: 'number 12345' } }));
    expect(rare.flatMap(scansOf)).toEqual([]);
    expect(rare.flatMap(indexesOf)).toContain('account_videos_pkey');
    const often = await plansOf(() => listAccountVideos(ctx, { ...inOrder, filters: { q: 'people' } }));
    expect(often.flatMap(scansOf)).toEqual([]);
    expect(often.flatMap(indexesOf)).toEqual(
      expect.arrayContaining(['account_videos_by_create_time', 'captions_pkey']),
    );
    expect(often.flatMap(indexesOf)).not.toContain('captions_by_runs');
  });
});

describe('analytics read only the days of the accounts asked for', () => {
  test('series of an account', async () => {
    const plans = await plansOf(() => getAccountTimeseries(ctx, { accountId, request: { period: '30d' } }));
    expect(plans).toHaveLength(1);
    expect(plans.flatMap(scansOf)).toEqual([]);
  });

  test('snapshot of a creator', async () => {
    const plans = await plansOf(() => getCreatorAnalytics(ctx, { creatorId, request: { period: '30d' } }));
    expect(plans).toHaveLength(3);
    expect(plans.flatMap(scansOf)).toEqual([]);
  });
});
