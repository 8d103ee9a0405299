import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { silentLogger } from '../../../test/support/logger.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { type PlanNode, watchPlans } from '../../../test/support/plans.ts';
import { systemClock } from '../../clock.ts';
import { presets } from '../../metrics/windows.ts';
import { getOrganizationAnalytics } from '../analytics/get-organization-analytics.ts';
import { getOrganizationTimeseries } from '../analytics/get-organization-timeseries.ts';
import type { Context } from '../context.ts';
import { listTopCreators } from '../creators/list-top-creators.ts';
import { getOverview } from '../overview/get-overview.ts';
import { sharedPosts } from '../shared-posts/shared-post.ts';
import { settleOrganization } from './settle-organizations.ts';

// What an organization asks about all it tracks costs its accounts and a few days of each, however long its history is.

const { db, pool } = await testDatabase();
const { organizationId, projectId } = await createOrganization(db);
const watched = watchPlans(pool);
const ctx: Context = {
  actor: { type: 'system', name: 'test' },
  organizationId,
  db: watched.db,
  clock: systemClock,
  logger: silentLogger,
  requestId: 'test',
};
const accounts = 1500;
const days = 200;

beforeAll(async () => {
  const id = sql`('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid`;
  await sql`
    insert into creators (organization_id, creator_id, name, created_at)
    select ${organizationId}, ${id}, 'creator ' || i, now() from generate_series(1, 300) i`.execute(db);
  await sql`
    insert into accounts (organization_id, account_id, project_id, profile_id, platform, username, scrape_interval_hours, added_at,
      counted_from, follower_count, creator_id)
    select ${organizationId}, ${id}, ${projectId}, i, 'instagram', 'user' || i, 24, now() - interval '200 days', now() - interval '200 days', i,
      ('00000000-0000-7000-8000-' || lpad(to_hex(i % 300 + 1), 12, '0'))::uuid
    from generate_series(1, ${accounts}::int) i`.execute(db);
  await sql`
    insert into account_videos (organization_id, account_video_id, account_id, profile_id, post_id, external_id, platform, added_at, counts_from_zero)
    select ${organizationId}, gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad(to_hex(i % ${accounts}::int + 1), 12, '0'))::uuid,
      i % ${accounts}::int + 1, i, i::text, 'instagram', now() - i % 200 * interval '1 day', false
    from generate_series(1, 60000) i`.execute(db);
  await sql`select ensure_month_partitions((now() - interval '210 days')::date, now()::date)`.execute(db);
  await sql`
    insert into account_days (organization_id, account_id, day, views, likes, followers, followers_gained)
    select ${organizationId}, ${id}, (now() at time zone 'UTC')::date - d, d, 1, i, 0
    from generate_series(0, ${days}::int - 1) d, generate_series(1, ${accounts}::int) i`.execute(db);
  await sql`analyze`.execute(db);
  await settleOrganization(db, organizationId, systemClock.now());
  await sql`vacuum analyze`.execute(db);
}, 120_000);

/** Rows that a question reads of a table and its partitions. */
const rowsOf = (plans: PlanNode[][], table: string): number =>
  plans
    .flat()
    .filter((node) => node['Relation Name']?.startsWith(table) === true)
    .reduce((sum, node) => {
      const read = (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0);
      return sum + read * (node['Actual Loops'] ?? 0);
    }, 0);

const unsettled = 2 * accounts;

describe('questions about the whole organization', () => {
  test.each([
    ['a series', () => getOrganizationTimeseries(ctx, { request: { period: '90d' } })],
    ['a snapshot', () => getOrganizationAnalytics(ctx, { request: { period: '30d' } })],
    ['the overview', () => getOverview(ctx, { period: '90d' })],
  ])('%s reads settled days, and of accounts only those that are not settled', async (_, ask) => {
    const plans = await watched.plansOf(ask, 'analyze');
    expect(rowsOf(plans, 'account_days')).toBe(unsettled);
    expect(rowsOf(plans, 'account_videos')).toBeLessThan(1000);
    expect(rowsOf(plans, 'organization_days')).toBeLessThan(days);
  });

  test.each(presets)('the ranking of %s reads spans, and days since they were made', async (period) => {
    const plans = await watched.plansOf(() => listTopCreators(ctx, { period, limit: 25, metric: 'views' }), 'analyze');
    expect(rowsOf(plans, 'account_days')).toBe(unsettled);
    expect(rowsOf(plans, 'account_spans')).toBeLessThanOrEqual(accounts * presets.length);
  });
});

test('a refresh looks up whether its posts are held twice by index', async () => {
  const externalIds = Array.from({ length: 50 }, (_, i) => String(i * 7 + 1));
  const posts = { organizationIds: [organizationId], platform: 'instagram', externalIds } as const;
  const [plan = []] = await watched.plansOf(() => sharedPosts(watched.db, posts));
  expect(plan.map((node) => node['Index Name'])).toContain('account_videos_by_external_id');
  expect(plan.filter((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'account_videos')).toEqual(
    [],
  );
});
