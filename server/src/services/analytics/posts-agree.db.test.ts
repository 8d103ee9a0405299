import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { refreshNow, systemContext, testClock, track } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { observedPost, scriptedSource } from '../../../test/support/scripted-source.ts';
import { addDays, type Day } from '../../metrics/days.ts';
import { addKnown } from '../../metrics/gains.ts';
import { utcDay } from '../../metrics/runs.ts';
import type { SeriesPoint } from '../../metrics/series.ts';
import { createAccount } from '../accounts/create-account.ts';
import { deleteAccount } from '../accounts/delete-account.ts';
import { updateAccount } from '../accounts/update-account.ts';
import type { Context } from '../context.ts';
import { batchAccountMetrics } from './batch-account-metrics.ts';
import { batchVideoDeltas } from './batch-video-deltas.ts';
import { batchVideoMetrics } from './batch-video-metrics.ts';
import { getAccountTimeseries } from './get-account-timeseries.ts';
import { getPostAnalytics } from './get-post-analytics.ts';
import { getPostTimeseries } from './get-post-timeseries.ts';

const { db } = await testDatabase();
const names = ['views', 'plays', 'likes', 'comments', 'shares'] as const;
type Name = (typeof names)[number];

const counter = fc.option(fc.integer({ min: 0, max: 50 }), { freq: 4 });
const step = fc.record({
  hours: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(24)),
  act: fc.constantFrom('refresh', 'refresh', 'refresh', 'refresh', 'pause', 'resume', 'delete'),
  who: fc.constantFrom(0, 1),
  posts: fc.array(fc.record({ viewCount: counter, likeCount: counter, shareCount: counter }), { maxLength: 3 }),
  repeats: fc.boolean(),
});
const window = fc.tuple(fc.integer({ min: -3, max: 20 }), fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 })));
let made = 0;

/** Two organizations that track one profile, each with its own pauses. */
async function world() {
  const clock = testClock('2026-03-01T09:00:00Z');
  const source = scriptedSource();
  const collecting = { db, clock, sources: [source] };
  const username = `agree_${(made += 1)}`;
  const accounts = [];
  for (let i = 0; i < 2; i += 1) {
    const { organizationId } = await createOrganization(db);
    accounts.push({
      ctx: systemContext(db, organizationId, clock),
      ...(await track(collecting, organizationId, username)),
    });
  }
  return { clock, source, collecting, username, accounts };
}
type World = Awaited<ReturnType<typeof world>>;

async function live(
  { clock, source, collecting, username, accounts }: World,
  steps: (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
) {
  for (const { hours, act, who, posts, repeats } of steps) {
    clock.add(hours);
    const account = accounts[who];
    if (account === undefined) continue;
    const { ctx, accountId, profileId } = account;
    if (await isDeleted(ctx, accountId)) await createAccount(ctx, { platform: 'instagram', username });
    else if (act === 'delete') await deleteAccount(ctx, { accountId });
    else if (act !== 'refresh') await updateAccount(ctx, { accountId, changes: { is_active: act === 'resume' } });
    if (!repeats) {
      source.script.posts = posts.map((counters, i) =>
        observedPost(`${username}-${i}`, counters, { createTime: new Date(Date.UTC(2026, 1, 25 + i * 8)) }),
      );
    }
    await refreshNow(collecting, profileId);
  }
}

async function isDeleted(ctx: Context, accountId: string): Promise<boolean> {
  const row = await db
    .selectFrom('accounts')
    .select('deleted_at')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return row.deleted_at !== null && ctx.organizationId !== '';
}

const sumByDay = (all: readonly SeriesPoint[][], name: Name): Record<Day, number> => {
  const sums = new Map<Day, number | null>();
  for (const { date, [name]: value } of all.flat()) sums.set(date, addKnown(sums.get(date) ?? null, value));
  return Object.fromEntries([...sums].filter((entry): entry is [Day, number] => entry[1] !== null));
};
const total = (points: readonly SeriesPoint[], name: Name): number =>
  points.reduce((sum, point) => sum + (point[name] ?? 0), 0);

/** Every way to ask about the posts of one account in one window tells the same. */
async function expectAgreement(ctx: Context, accountId: string, request: { start_date: Day; end_date: Day }) {
  const { rows } = await sql<{ id: string }>`
    select account_video_id as id from account_videos where account_id = ${accountId}`.execute(db);
  const ids = rows.map(({ id }) => id);
  const account = await getAccountTimeseries(ctx, { accountId, request });
  const series = await Promise.all(ids.map((id) => getPostTimeseries(ctx, { kind: 'account_video', id, request })));
  const posts = series.map(({ points }) => points);
  const figures = await batchVideoMetrics(ctx, { videoIds: ids, request });
  const together = await batchAccountMetrics(ctx, { accountIds: [accountId], request });
  for (const name of names) {
    expect(sumByDay(posts, name)).toEqual(sumByDay([account.points], name));
    expect(together.found.get(accountId)?.[name]).toBe(total(account.points, name));
    expect(ids.map((id) => figures.found.get(id)?.[name])).toEqual(posts.map((points) => total(points, name)));
  }
  const snapshots = await Promise.all(ids.map((id) => getPostAnalytics(ctx, { kind: 'account_video', id, request })));
  expect(snapshots.map(({ points }) => points)).toEqual(posts);
  expect(snapshots.map(({ current }) => current)).toMatchObject(ids.map((id) => pickSums(figures.found.get(id))));
}

const pickSums = (figures: Partial<Record<Name, number>> = {}) =>
  Object.fromEntries(names.map((name) => [name, figures[name]]));

async function expectDeltas(ctx: Context, accountId: string) {
  const { rows } = await sql<{ id: string }>`
    select account_video_id as id from account_videos where account_id = ${accountId}`.execute(db);
  const windows = [1, 3, 7, 30, 365];
  const deltas = await batchVideoDeltas(ctx, { videoIds: rows.map(({ id }) => id), windows });
  const today = utcDay(ctx.clock.now());
  for (const { id } of rows) {
    const expected = await Promise.all(
      windows.map(async (days) => {
        const request = { start_date: addDays(today, 1 - days), end_date: today };
        const { points } = await getPostTimeseries(ctx, { kind: 'account_video', id, request });
        return [`${days}d`, total(points, 'views')];
      }),
    );
    expect(deltas.found.get(id)).toEqual(Object.fromEntries(expected));
  }
}

test('posts, account, series, snapshots, batches and deltas agree after random histories with pauses, revivals, corrections and gaps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 20 }),
      fc.array(window, { minLength: 2, maxLength: 3 }),
      async (steps, windows) => {
        const all = await world();
        await live(all, steps);
        const today = utcDay(all.clock.now());
        for (const { ctx, accountId } of all.accounts) {
          if (await isDeleted(ctx, accountId)) continue;
          for (const [ago, length] of windows) {
            const start = addDays('2026-03-01', ago);
            const end = addDays(start, length);
            if (start <= today)
              await expectAgreement(ctx, accountId, { start_date: start, end_date: end < today ? end : today });
          }
          await expectDeltas(ctx, accountId);
        }
      },
    ),
    { numRuns: 15 },
  );
}, 120_000);
