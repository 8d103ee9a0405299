import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import {
  refreshNow,
  refreshPostNow,
  systemContext,
  testClock,
  track,
  trackVideo,
} from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../../test/support/scripted-source.ts';
import { addDays, type Day } from '../../metrics/days.ts';
import { addKnown } from '../../metrics/gains.ts';
import { utcDay } from '../../metrics/runs.ts';
import type { SeriesPoint } from '../../metrics/series.ts';
import { createAccount } from '../accounts/create-account.ts';
import { deleteAccount } from '../accounts/delete-account.ts';
import { updateAccount } from '../accounts/update-account.ts';
import type { Context } from '../context.ts';
import type { PostKind } from '../posts/post-holder.ts';
import { updateVideo } from '../videos/update-video.ts';
import { batchAccountMetrics } from './batch-account-metrics.ts';
import { batchVideoDeltas } from './batch-video-deltas.ts';
import { batchVideoMetrics } from './batch-video-metrics.ts';
import { getAccountTimeseries } from './get-account-timeseries.ts';
import { getPostAnalytics } from './get-post-analytics.ts';
import { getPostTimeseries } from './get-post-timeseries.ts';

const { db } = await testDatabase();
const names = ['views', 'plays', 'likes', 'comments', 'shares'] as const;
type Name = (typeof names)[number];
interface Dates {
  start_date: Day;
  end_date: Day;
}

const counter = fc.option(fc.integer({ min: 0, max: 50 }), { freq: 4 });
const acts = ['refresh', 'refresh', 'refresh', 'refresh_post', 'refresh_post', 'pause', 'resume', 'delete'] as const;
const videoActs = ['track_video', 'track_video', 'pause_video', 'resume_video'] as const;
const step = fc.record({
  hours: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(24)),
  act: fc.constantFrom(...acts, ...videoActs),
  who: fc.constantFrom(0, 1),
  posts: fc.array(fc.record({ viewCount: counter, likeCount: counter, shareCount: counter }), { maxLength: 3 }),
  repeats: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const window = fc.tuple(fc.integer({ min: -3, max: 20 }), fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 })));
let lastId = 4_000_000_000_000_000_000n;

interface Member {
  ctx: Context;
  accountId: string;
  profileId: number;
  videoId: string | null;
}

/** Two organizations that track one profile, each with its own pauses, and its first post on its own from some time on. */
async function world() {
  lastId += 10n;
  const clock = testClock('2026-03-01T09:00:00Z');
  const source = scriptedSource();
  const username = `agree_${lastId}`;
  source.script.profile = observedProfile({ username, platformProfileId: String(lastId) });
  const collecting = { db, clock, sources: [source] };
  const members: Member[] = [];
  for (let i = 0; i < 2; i += 1) {
    const { organizationId } = await createOrganization(db);
    const ctx = systemContext(db, organizationId, clock);
    members.push({ ctx, videoId: null, ...(await track(collecting, organizationId, username)) });
  }
  return { clock, source, collecting, username, members, firstId: lastId };
}
type World = Awaited<ReturnType<typeof world>>;

async function live(all: World, steps: readonly Step[]) {
  const { clock, source, collecting, members, firstId } = all;
  for (const { hours, act, who, posts, repeats } of steps) {
    clock.add(hours);
    const member = members[who];
    if (member === undefined) continue;
    await actOf(all, member, act);
    if (!repeats) {
      source.script.posts = posts.map((counters, i) =>
        observedPost(`${firstId + BigInt(i)}`, counters, { createTime: new Date(Date.UTC(2026, 1, 25 + i * 8)) }),
      );
    }
    if (act === 'refresh_post') await refreshPostNow(collecting, `${firstId}`);
    else await refreshNow(collecting, member.profileId);
  }
}

async function actOf({ collecting, username, firstId }: World, member: Member, act: Step['act']) {
  const { ctx, accountId, videoId } = member;
  if (await isDeleted(accountId)) await createAccount(ctx, { platform: 'instagram', username });
  else if (act === 'delete') await deleteAccount(ctx, { accountId });
  else if (act === 'pause' || act === 'resume') {
    await updateAccount(ctx, { accountId, changes: { is_active: act === 'resume' } });
  } else if (act === 'track_video' && videoId === null) {
    member.videoId = await trackVideo(collecting, ctx.organizationId, `${firstId}`);
  } else if ((act === 'pause_video' || act === 'resume_video') && videoId !== null) {
    await updateVideo(ctx, { videoId, changes: { is_active: act === 'resume_video' } });
  }
}

async function isDeleted(accountId: string): Promise<boolean> {
  const row = await db
    .selectFrom('accounts')
    .select('deleted_at')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return row.deleted_at !== null;
}

const sumByDay = (all: readonly SeriesPoint[][], name: Name): Record<Day, number> => {
  const sums = new Map<Day, number | null>();
  for (const { date, [name]: value } of all.flat()) sums.set(date, addKnown(sums.get(date) ?? null, value));
  return Object.fromEntries([...sums].filter((entry): entry is [Day, number] => entry[1] !== null));
};
const total = (points: readonly SeriesPoint[], name: Name): number =>
  points.reduce((sum, point) => sum + (point[name] ?? 0), 0);

/** A window of one post: its points, and that its snapshot and batch say the same. */
async function pointsOf(ctx: Context, kind: PostKind, id: string, request: Dates): Promise<SeriesPoint[]> {
  const { points } = await getPostTimeseries(ctx, { kind, id, request });
  const snapshot = await getPostAnalytics(ctx, { kind, id, request });
  const batch = (await batchVideoMetrics(ctx, { videoIds: [id], request })).found.get(id);
  expect(snapshot.points).toEqual(points);
  for (const name of names) {
    expect(batch?.[name]).toBe(total(points, name));
    expect(snapshot.current[name]).toBe(total(points, name));
  }
  return points;
}

const postsOf = async (accountId: string): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select account_video_id as id from account_videos where account_id = ${accountId}`.execute(db);
  return rows.map(({ id }) => id);
};

async function expectAccountAgrees({ ctx, accountId }: Member, request: Dates) {
  const account = await getAccountTimeseries(ctx, { accountId, request });
  const ids = await postsOf(accountId);
  const posts = await Promise.all(ids.map((id) => pointsOf(ctx, 'account_video', id, request)));
  const together = await batchAccountMetrics(ctx, { accountIds: [accountId], request });
  for (const name of names) {
    expect(sumByDay(posts, name)).toEqual(sumByDay([account.points], name));
    expect(together.found.get(accountId)?.[name]).toBe(total(account.points, name));
  }
}

/** A video's days are booked as they are read, too. */
async function expectVideoAgrees({ ctx, videoId }: Member, request: Dates) {
  if (videoId === null) return;
  const points = await pointsOf(ctx, 'video', videoId, request);
  const booked = await db
    .selectFrom('video_days')
    .select(['day', ...names])
    .where('video_id', '=', videoId)
    .where('day', '>=', request.start_date)
    .where('day', '<=', request.end_date)
    .orderBy('day')
    .execute();
  const read = points.filter((point) => booked.some(({ day }) => day === point.date));
  expect(
    read.map(({ date: day, views, plays, likes, comments, shares }) => ({
      day,
      views,
      plays,
      likes,
      comments,
      shares,
    })),
  ).toEqual(booked);
  expect(
    points.filter((point) => !read.includes(point)).every((point) => names.every((name) => point[name] === null)),
  ).toBe(true);
}

async function expectDeltas(ctx: Context, kind: PostKind, ids: readonly string[]) {
  if (ids.length === 0) return;
  const windows = [1, 3, 7, 30, 365];
  const deltas = await batchVideoDeltas(ctx, { videoIds: ids, windows });
  const today = utcDay(ctx.clock.now());
  for (const id of ids) {
    const expected: [string, number][] = [];
    for (const days of windows) {
      const request = { start_date: addDays(today, 1 - days), end_date: today };
      expected.push([`${days}d`, total((await getPostTimeseries(ctx, { kind, id, request })).points, 'views')]);
    }
    expect(deltas.found.get(id)).toEqual(Object.fromEntries(expected));
  }
}

test('posts, account, series, snapshots, batches and deltas agree after random histories with pauses, revivals, corrections and gaps', async () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 20 });
  const windows = fc.array(window, { minLength: 2, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(steps, windows, async (history, spans) => {
      const all = await world();
      await live(all, history);
      const today = utcDay(all.clock.now());
      for (const member of all.members) {
        const isGone = await isDeleted(member.accountId);
        for (const [ago, length] of spans) {
          const start = addDays('2026-03-01', ago);
          const end = addDays(start, length);
          if (start > today) continue;
          const request = { start_date: start, end_date: end < today ? end : today };
          if (!isGone) await expectAccountAgrees(member, request);
          await expectVideoAgrees(member, request);
        }
        if (!isGone) await expectDeltas(member.ctx, 'account_video', await postsOf(member.accountId));
        await expectDeltas(member.ctx, 'video', member.videoId === null ? [] : [member.videoId]);
      }
    }),
    { numRuns: 15, endOnFailure: true },
  );
}, 120_000);
