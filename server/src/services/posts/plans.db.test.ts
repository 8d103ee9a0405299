import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { systemContext, testClock } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { type PlanNode, watchPlans } from '../../../test/support/plans.ts';
import { batchAccountMetrics } from '../analytics/batch-account-metrics.ts';
import { batchAccountVideoMetrics } from '../analytics/batch-account-video-metrics.ts';
import { batchVideoDeltas } from '../analytics/batch-video-deltas.ts';
import { batchVideoMetrics } from '../analytics/batch-video-metrics.ts';
import { getPostAnalytics } from '../analytics/get-post-analytics.ts';
import { getPostTimeseries } from '../analytics/get-post-timeseries.ts';
import type { PostKind } from './post-holder.ts';

// What an answer about posts costs must not grow with how long they were tracked, nor with how many there are.

const { db, pool } = await testDatabase();
const { organizationId, projectId } = await createOrganization(db);
const { db: watched, plansOf } = watchPlans(pool);
const clock = testClock('2026-03-06T12:00:00Z');
const ctx = { ...systemContext(db, organizationId, clock), db: watched };

const uuidOf = (n: number, kind: PostKind = 'account_video') =>
  `00000000-0000-7000-${kind === 'video' ? 9 : 8}000-${n.toString(16).padStart(12, '0')}`;
const postCount = 20_000;
const trackedDays = 400;
/** Posts 1 to 60 were read every day; the others have no readings. */
const readPosts = 60;

beforeAll(async () => {
  const id = sql`('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid`;
  const accountId = sql`('00000000-0000-7000-8000-' || lpad(to_hex(i % 3000 + 1), 12, '0'))::uuid`;
  await sql`select ensure_month_partitions('2025-01-01', '2026-03-31')`.execute(db);
  await sql`
    insert into accounts (organization_id, account_id, project_id, profile_id, platform, username, scrape_interval_hours, added_at, counted_from)
    select ${organizationId}, ${id}, ${projectId}, i, 'instagram', 'user' || i, 24, '2025-01-01', '2025-01-01' from generate_series(1, ${postCount}::int) i`.execute(
    db,
  );
  await sql`
    insert into account_days (organization_id, account_id, day, views)
    select ${organizationId}, ${id}, '2026-03-06'::date - d, d from generate_series(1, 3000) i, generate_series(0, 60) d`.execute(
    db,
  );
  await sql`
    insert into posts (profile_id, post_id, external_id, first_seen_at, updated_at, view_count, like_count, read_at, confirmed_at)
    select i % 3000 + 1, i, i::text, '2025-01-01', '2025-01-01', ${trackedDays}, 80, '2026-03-06T09:00:00Z', '2026-03-06T10:00:00Z'
    from generate_series(1, ${postCount}::int) i`.execute(db);
  await sql`
    insert into account_videos (organization_id, account_video_id, account_id, profile_id, post_id, external_id, platform, added_at,
      counts_from_zero, view_count, like_count)
    select ${organizationId}, ${id}, ${accountId}, i % 3000 + 1, i, i::text, 'instagram', '2025-01-01T00:00:00Z', false, ${trackedDays}::int, 80
    from generate_series(1, ${postCount}::int) i`.execute(db);
  await sql`
    insert into videos (organization_id, video_id, project_id, platform, external_id, profile_id, post_id, scrape_interval_hours, added_at,
      counted_from, updated_at, view_count, like_count)
    select ${organizationId}, overlay(${id}::text placing '9' from 20)::uuid, ${projectId}, 'instagram', i::text, i % 3000 + 1, i, 24, '2025-01-01', '2025-01-01', '2025-01-01', ${trackedDays}::int, 80
    from generate_series(1, ${postCount}::int) i`.execute(db);
  await sql`
    insert into post_readings (profile_id, post_id, read_at, confirmed_at, view_count, like_count, precision, source)
    select i % 3000 + 1, i, t, t, ${trackedDays}::int - d, case when d % 5 > 0 then 80 end, 'exact', 'x'
    from generate_series(1, ${readPosts}::int) i,
      (select d, '2026-03-06T09:00:00Z'::timestamptz - d * interval '1 day' as t from generate_series(0, ${trackedDays}::int - 1) d) d`.execute(
    db,
  );
  await sql`analyze`.execute(db);
});

const bigTables = ['accounts', 'account_videos', 'posts', 'videos'];
const isReadings = (node: PlanNode) => node['Relation Name']?.startsWith('post_readings') ?? false;
const isBig = (node: PlanNode) =>
  isReadings(node) ||
  bigTables.includes(node['Relation Name'] ?? '') ||
  (node['Relation Name']?.startsWith('account_days') ?? false);
const ran = (node: PlanNode) => (node['Actual Loops'] ?? 0) > 0;

/** Runs the work's queries, and answers the months of readings that were opened and how many rows of readings were looked at. */
async function costOf(work: () => Promise<unknown>) {
  const nodes = (await plansOf(work, 'analyze')).flat().filter(ran);
  // A scan that costs nothing is one of an empty partition.
  const scans = nodes.filter((node) => node['Node Type'] === 'Seq Scan' && isBig(node) && node['Total Cost'] > 0);
  expect(scans.map((node) => node['Relation Name'])).toEqual([]);
  const readings = nodes.filter(isReadings);
  const months = new Set(readings.map((node) => node['Relation Name']?.slice('post_readings_'.length) ?? ''));
  const rows = readings.reduce((sum, node) => {
    const perLoop = (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0);
    return sum + perLoop * (node['Actual Loops'] ?? 0);
  }, 0);
  return { months: [...months].sort(), rows };
}

const idsOf = (kind: PostKind) => Array.from({ length: readPosts }, (_, i) => uuidOf(i + 1, kind));
const ids = idsOf('account_video');
const kinds = ['account_video', 'video'] as const;

describe.each(kinds)('one %s', (kind) => {
  test('a series reads the months of its window, and the reading before it', async () => {
    const request = { start_date: '2026-01-10', end_date: '2026-02-20' };
    const { months, rows } = await costOf(() => getPostTimeseries(ctx, { kind, id: uuidOf(7, kind), request }));
    expect(months).toEqual(['2026_01', '2026_02']);
    expect(rows).toBeLessThanOrEqual(42 + 5);
  });

  test('a snapshot reads both windows, and no more', async () => {
    const { months, rows } = await costOf(() =>
      getPostAnalytics(ctx, { kind, id: uuidOf(7, kind), request: { period: '7d' } }),
    );
    expect(months).toEqual(['2026_02', '2026_03']);
    expect(rows).toBeLessThanOrEqual(14 + 5);
  });

  test('metrics of many look at a few readings of each, whatever the length of the window', async () => {
    const request = { start_date: '2025-04-01', end_date: '2026-03-06' };
    const { months, rows } = await costOf(() => batchVideoMetrics(ctx, { videoIds: idsOf(kind), request }));
    expect(months).toEqual(['2025_03']);
    expect(rows).toBeLessThanOrEqual(ids.length * 3);
  });
});

test('metrics by internal id look posts up by their ids', async () => {
  const asked = ids.map((_, i) => ({ platform: 'instagram', internalId: i + 1 }) as const);
  const { rows } = await costOf(() => batchAccountVideoMetrics(ctx, { ids: asked, request: { period: '30d' } }));
  expect(rows).toBeLessThanOrEqual(ids.length * 3);
});

test('deltas look at one reading per post and window', async () => {
  const windows = [1, 7, 14, 30, 365];
  const { rows } = await costOf(() => batchVideoDeltas(ctx, { videoIds: ids, windows }));
  expect(rows).toBe(ids.length * windows.length);
});

test('a window that ends in the past costs no more than one that ends today', async () => {
  const request = { start_date: '2025-05-01', end_date: '2025-08-31' };
  const { months, rows } = await costOf(() => batchVideoMetrics(ctx, { videoIds: ids, request }));
  expect(months).toEqual(['2025_04', '2025_08']);
  expect(rows).toBeLessThanOrEqual(ids.length * 2 * 3);
});

test('metrics of accounts read the days of those accounts in the window', async () => {
  const work = () =>
    batchAccountMetrics(ctx, { accountIds: ids, request: { start_date: '2026-02-10', end_date: '2026-02-20' } });
  await costOf(work);
  const nodes = (await plansOf(work, 'analyze')).flat().filter(ran);
  const days = nodes.filter((node) => node['Relation Name']?.startsWith('account_days'));
  expect(days.map((node) => node['Relation Name'])).toEqual(['account_days_2026_02']);
});
