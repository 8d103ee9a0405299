import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { refreshNow, systemContext, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { deleteAccount } from '../services/accounts/delete-account.ts';
import { updateAccount } from '../services/accounts/update-account.ts';
import { batchAccountVideoMetrics } from '../services/analytics/batch-account-video-metrics.ts';
import { getCreatorAnalytics } from '../services/analytics/get-creator-analytics.ts';
import { getCreatorTimeseries } from '../services/analytics/get-creator-timeseries.ts';
import { getOrganizationTimeseries } from '../services/analytics/get-organization-timeseries.ts';
import { createCreator } from '../services/creators/create-creator.ts';
import { getCreator } from '../services/creators/get-creator.ts';
import { linkAccount } from '../services/creators/link-account.ts';
import { listTopCreators } from '../services/creators/list-top-creators.ts';
import { settleOrganization } from '../services/organization-books/settle-organizations.ts';
import { runDoctor } from './doctor.ts';

// One profile, tracked under its old name and under its new one: together the two accounts have seen what either has, whichever of
// them is paused or deleted. Checked against plain lists of readings.
const { db } = await testDatabase();
const start = Date.parse('2026-03-01T09:00:00Z');
const hourMs = 3_600_000;
const request = { period: '90d' as const };
let worlds = 0;

interface Reading {
  hour: number;
  followers: number;
  /** Views by post. */
  views: number[];
}

interface Twin {
  accountId: string;
  since: number;
  isActive: boolean;
  isDeleted: boolean;
  own: Reading[];
}

/** The hours in which the posts were published: before anybody looked, between the two starts, after both. */
const born = [-40, 2, 30];
const secondBegins = 4;

async function newWorld() {
  worlds += 1;
  const { organizationId } = await createOrganization(db);
  const source = scriptedSource();
  const clock = testClock(new Date(start).toISOString());
  const w = { db, clock, sources: [source] };
  const ctx = systemContext(db, organizationId, clock);
  const { creator_id: creatorId } = await createCreator(ctx, { name: 'both' });
  const named = (username: string, followerCount: number) => {
    source.script.profile = observedProfile({ username, platformProfileId: `twin ${worlds}`, followerCount });
  };
  named(`old_${worlds}`, 100);
  const twins: Twin[] = [];
  const begin = async (username: string) => {
    const { accountId, profileId } = await track(w, organizationId, username);
    await linkAccount(ctx, { creatorId, accountId });
    const since = (clock.now().getTime() - start) / hourMs;
    twins.push({ accountId, since, isActive: true, isDeleted: false, own: [] });
    return profileId;
  };
  const profileId = await begin(`old_${worlds}`);
  const read = async (views: readonly number[], followers: number) => {
    const hour = (clock.now().getTime() - start) / hourMs;
    named(twins.length > 1 ? `new_${worlds}` : `old_${worlds}`, followers);
    const shown = born.flatMap((at, i) => (at <= hour ? [{ i, at }] : []));
    source.script.posts = shown.map(({ i, at }) =>
      observedPost(
        `70000000${worlds}0${i}`,
        { viewCount: views[i] ?? 0 },
        { createTime: new Date(start + at * hourMs) },
      ),
    );
    expect((await refreshNow(w, profileId)).status).toBe('recorded');
    const reading = { hour, followers, views: shown.map(({ i }) => views[i] ?? 0) };
    for (const twin of twins) if (twin.isActive && !twin.isDeleted) twin.own.push(reading);
  };
  await read([10, 10, 10], 100);
  clock.add(secondBegins);
  named(`new_${worlds}`, 100);
  const given = await begin(`new_${worlds}`);
  expect(await refreshNow(w, given)).toEqual({ status: 'merged', into: profileId });
  return { ctx, clock, organizationId, creatorId, twins, read };
}

type World = Awaited<ReturnType<typeof newWorld>>;

const dayOf = (hour: number): number => Math.floor((start + hour * hourMs) / (24 * hourMs));
const pooled = (twins: readonly Twin[]): Reading[] =>
  [...new Set(twins.flatMap(({ own }) => own))].sort((a, b) => a.hour - b.hour);

function viewsOfPost(twins: readonly Twin[], post: number, day: number): number {
  const at = born[post] ?? 0;
  const holders = twins.filter(({ own }) => own.some(({ views }) => views.length > post));
  const read = pooled(holders).filter(({ views }) => views.length > post);
  const baseline = holders.some(({ since }) => at >= since) ? 0 : (read[0]?.views[post] ?? 0);
  const level = (before: number) => read.findLast(({ hour }) => dayOf(hour) < before)?.views[post] ?? baseline;
  return level(day + 1) - level(day);
}

const viewsOn = (twins: readonly Twin[], day: number): number =>
  born.reduce((sum, _, post) => sum + viewsOfPost(twins, post, day), 0);

/** Day → views and followers. */
function truthOf(all: readonly Twin[]) {
  const twins = all.filter(({ isDeleted }) => !isDeleted);
  const readings = pooled(twins);
  const days = [...new Set(readings.map(({ hour }) => dayOf(hour)))];
  return days.map((day) => {
    const followers = readings.findLast(({ hour }) => dayOf(hour) === day)?.followers ?? null;
    return { date: new Date(day * 24 * hourMs).toISOString().slice(0, 10), views: viewsOn(twins, day), followers };
  });
}

/** An internal id means the post, whichever of the accounts has read it. */
async function expectPostsTrue({ ctx, organizationId, clock, twins: all }: World): Promise<void> {
  const twins = all.filter(({ isDeleted }) => !isDeleted);
  const { rows } = await sql<{ post_id: number; post: number }>`
    select distinct post_id, right(external_id, 1)::int as post from account_videos
    where organization_id = ${organizationId} and not is_hidden`.execute(db);
  const ids = rows.map(({ post_id: internalId }) => ({ platform: 'instagram' as const, internalId }));
  const today = dayOf((clock.now().getTime() - start) / hourMs);
  for (const [period, days] of [
    ['90d', 90],
    ['7d', 7],
  ] as const) {
    const { found } = await batchAccountVideoMetrics(ctx, { ids, request: { period } });
    const window = Array.from({ length: days }, (_, i) => today - i);
    expect(rows.map(({ post_id: id }) => found.get(String(id))?.views)).toEqual(
      rows.map(({ post }) => window.reduce((sum, day) => sum + viewsOfPost(twins, post, day), 0)),
    );
  }
}

async function expectTruth(world: World): Promise<void> {
  const { ctx, creatorId, twins } = world;
  await expectPostsTrue(world);
  const truth = truthOf(twins);
  const readOf = (points: readonly { date: string; views: number | null; followers: number | null }[]) =>
    points.flatMap(({ date, views, followers }) =>
      views === null && followers === null ? [] : [{ date, views, followers }],
    );
  expect(readOf((await getCreatorTimeseries(ctx, { creatorId, request })).points)).toEqual(truth);
  expect(readOf((await getOrganizationTimeseries(ctx, { request })).points)).toEqual(truth);

  const readings = pooled(twins.filter(({ isDeleted }) => !isDeleted));
  const [first, last] = [readings[0]?.followers ?? 0, readings.at(-1)?.followers ?? 0];
  const views = truth.reduce((sum, day) => sum + day.views, 0);
  const { current } = await getCreatorAnalytics(ctx, { creatorId, request });
  expect(current).toMatchObject({ views, followers: readings.length === 0 ? null : last });
  expect((await getCreator(ctx, { creatorId })).total_followers).toBe(last);
  for (const period of ['90d', '7d'] as const) {
    const [top] = (await listTopCreators(ctx, { period, limit: 5, metric: 'views' })).ranks;
    const { current: shown } = await getCreatorAnalytics(ctx, { creatorId, request: { period } });
    expect(top?.figures).toMatchObject({ views: shown.views, followers: shown.followers });
    if (period === '90d') expect(top?.figures.followers_gained).toBe(last - first);
  }
}

const step = fc.record({
  hours: fc.integer({ min: 1, max: 40 }),
  act: fc.constantFrom('read', 'read', 'read', 'read', 'switch', 'switch', 'settle', 'delete'),
  who: fc.integer({ min: 0, max: 1 }),
  views: fc.tuple(fc.nat(900), fc.nat(900), fc.nat(900)),
  followers: fc.integer({ min: 90, max: 170 }),
});

async function play(script: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): Promise<void> {
  const world = await newWorld();
  const { ctx, clock, organizationId, twins } = world;
  for (const { hours, act, who, views, followers } of script) {
    clock.add(hours);
    const twin = twins[who];
    if (act === 'settle') await settleOrganization(db, organizationId, clock.now());
    if (act === 'read') await world.read(views, followers);
    if (twin?.isDeleted === false && act === 'delete' && hours > 30) {
      await deleteAccount(ctx, { accountId: twin.accountId });
      twin.isDeleted = true;
    }
    if (twin?.isDeleted === false && act === 'switch') {
      twin.isActive = !twin.isActive;
      await updateAccount(ctx, { accountId: twin.accountId, changes: { is_active: twin.isActive } });
    }
    await expectTruth(world);
  }
  await settleOrganization(db, organizationId, clock.now());
  await expectTruth(world);
}

it('two accounts of one profile count what either has read, once', { timeout: 300_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), play), {
    numRuns: 12,
    interruptAfterTimeLimit: 200_000,
    endOnFailure: true,
  });
  expect((await runDoctor({ db })).checks.filter((check) => !check.ok)).toEqual([]);
});
