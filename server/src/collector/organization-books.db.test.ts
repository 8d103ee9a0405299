import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { externalIdOf, postPlan } from '../../test/support/shared-plan.ts';
import { truthOf } from '../../test/support/shared-truth.ts';
import {
  contextOf,
  newWorld,
  passTime,
  readFeed,
  readPost,
  type SharedWorld,
  switchAccount,
  switchVideo,
  toggleAccount,
  toggleVideo,
} from '../../test/support/shared-world.ts';
import { presets } from '../metrics/windows.ts';
import { getCreatorAnalytics } from '../services/analytics/get-creator-analytics.ts';
import { getOrganizationTimeseries } from '../services/analytics/get-organization-timeseries.ts';
import { createCreator } from '../services/creators/create-creator.ts';
import { linkAccount } from '../services/creators/link-account.ts';
import { listTopCreators } from '../services/creators/list-top-creators.ts';
import { settleOrganization } from '../services/organization-books/settle-organizations.ts';
import { getOverview } from '../services/overview/get-overview.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';

// An organization counts every platform post once, whoever holds it: the feeds of two accounts, a post that two profiles show, a
// post tracked on its own. Settled or not, with pauses, deletions and revivals, its days are those of a plain list of readings.

const { db } = await testDatabase();
const start = '2026-03-01T00:00:00Z';
let worlds = 0;

type Step = { wait: number; do: (world: SharedWorld) => Promise<void> };

const profile = fc.integer({ min: 0, max: 1 });
const post = fc.nat(postPlan.length - 1);
const born = (world: SharedWorld, index: number) => (postPlan[index]?.born ?? 0) <= world.hour;
const settle = ({ organizationId, clock }: SharedWorld) => settleOrganization(db, organizationId, clock.now());
const named = <T>(arb: fc.Arbitrary<T>, name: string, run: (world: SharedWorld, value: T) => Promise<void>) =>
  arb.map((value) =>
    Object.assign((world: SharedWorld) => run(world, value), { toString: () => `${name} ${String(value)}` }),
  );
/** One feed before and after the other. */
async function readInTurn(world: SharedWorld, first: number): Promise<void> {
  for (const index of [first, 1 - first, first]) {
    await readFeed(world, index);
    passTime(world, 3);
  }
}

const action = fc.oneof(
  { weight: 8, arbitrary: named(profile, 'readFeed', readFeed) },
  { weight: 2, arbitrary: named(profile, 'readInTurn', readInTurn) },
  { weight: 4, arbitrary: named(post, 'readPost', readPost) },
  { weight: 2, arbitrary: named(profile, 'toggleAccount', toggleAccount) },
  { weight: 2, arbitrary: named(profile, 'switchAccount', switchAccount) },
  {
    weight: 3,
    arbitrary: named(post, 'toggleVideo', async (world, i) => (born(world, i) ? toggleVideo(world, i) : undefined)),
  },
  { weight: 1, arbitrary: named(post, 'switchVideo', switchVideo) },
  { weight: 3, arbitrary: named(fc.constant(''), 'settle', settle) },
);
const steps: fc.Arbitrary<Step[]> = fc.array(fc.record({ wait: fc.integer({ min: 1, max: 20 }), do: action }), {
  minLength: 10,
  maxLength: 60,
});
// Much is taken back after some hours: so a feed may show again what it has shown before, and the other one something else between.
const growths = fc
  .array(
    fc.record({
      hour: fc.nat(400),
      post: fc.constantFrom(1, 1, 1, 4, ...postPlan.keys()),
      by: fc.integer({ min: -200, max: 400 }),
      backAfter: fc.option(fc.integer({ min: 1, max: 8 })),
    }),
    { maxLength: 60 },
  )
  .map((changes) =>
    changes.flatMap(({ backAfter, ...change }) => [
      change,
      ...(backAfter === null ? [] : [{ ...change, hour: change.hour + backAfter, by: -change.by }]),
    ]),
  );

async function expectTruth(world: SharedWorld): Promise<void> {
  const ctx = contextOf(world);
  const truth = truthOf(world);
  const { points } = await getOrganizationTimeseries(ctx, { request: { period: '90d' } });
  const shown = points.flatMap(({ date, views, likes, followers }) => {
    const day = (Date.parse(date) - Date.parse(start)) / 86_400_000;
    const isUnread = views === null && likes === null && followers === null && !truth.has(day);
    return isUnread ? [] : [[day, { views, likes, followers }] as const];
  });
  expect(shown).toEqual([...truth]);

  const kept = world.accounts.flatMap((account) => (account?.isDeleted === false ? [account] : []));
  expect((await getOverview(ctx, { period: '7d' })).current).toMatchObject({
    active_accounts: kept.filter((account) => account.isActive).length,
    account_videos: kept.reduce((sum, { own }) => sum + [...own.keys()].filter((subject) => subject >= 0).length, 0),
    tracked_videos: world.videos.filter((video) => video !== null && !video.isDeleted).length,
  });
}

/** The ranking says what the snapshots of creators say, whether or not spans are used. */
async function expectSameRanking(world: SharedWorld, creatorIds: readonly string[]): Promise<void> {
  const ctx = contextOf(world);
  for (const period of presets) {
    const { ranks } = await listTopCreators(ctx, { period, limit: 25, metric: 'views' });
    for (const creatorId of creatorIds) {
      const { current } = await getCreatorAnalytics(ctx, { creatorId, request: { period } });
      const {
        followers_gained: _,
        saves: __,
        ...figures
      } = ranks.find(({ creator }) => creator.creator_id === creatorId)?.figures ?? {};
      expect(current).toMatchObject(figures);
    }
  }
}

async function linkTo(world: SharedWorld, creatorIds: readonly string[]): Promise<void> {
  for (const [i, account] of world.accounts.entries()) {
    const creatorId = creatorIds[i];
    if (account === null || account.isDeleted || creatorId === undefined) continue;
    await linkAccount(contextOf(world), { creatorId, accountId: account.id });
  }
}

async function play(script: readonly Step[], growth: Parameters<typeof newWorld>[4]): Promise<void> {
  worlds += 1;
  const { organizationId } = await createOrganization(db);
  const world = newWorld(db, organizationId, worlds, start, growth);
  const creators = [
    await createCreator(contextOf(world), { name: 'a' }),
    await createCreator(contextOf(world), { name: 'b' }),
  ].map((creator) => creator.creator_id);
  // Something is held twice from the start, or few histories would ever have it.
  for (const index of [0, 1]) {
    await toggleAccount(world, index);
    await toggleVideo(world, index);
  }
  for (const step of script) {
    passTime(world, step.wait);
    await step.do(world);
    await linkTo(world, creators);
    await expectTruth(world);
  }
  await expectSameRanking(world, creators);
  await settle(world);
  await expectTruth(world);
  await expectSameRanking(world, creators);
  passTime(world, 50);
  await readFeed(world, 0);
  await expectTruth(world);
  await expectSameRanking(world, creators);
}

test.each([
  ['a later day', 14],
  ['the same day', 2],
])('between two equal readings of one feed the other one may show more: on %s', async (_when, hours) => {
  worlds += 1;
  const { organizationId } = await createOrganization(db);
  const growth = [
    { hour: 10 + hours, post: 1, by: 500 },
    { hour: 12 + hours, post: 1, by: -500 },
  ];
  const world = newWorld(db, organizationId, worlds, start, growth);
  const look = async (wait: number, index: number) => {
    passTime(world, wait);
    await readFeed(world, index);
    await expectTruth(world);
  };
  for (const index of [0, 1]) await toggleAccount(world, index);
  await look(8, 1);
  await look(1, 0);
  await look(1 + hours, 1);
  await look(2, 0);
  await settle(world);
  await look(24, 0);
  await look(20, 1);
  await look(4, 0);
  // Each of these readings is a row of its own; those of a post that one feed shows are still runs.
  const { rows } = await sql<{ post: string; rows: number }>`
    select right(external_id, 1) as post, count(*)::int as rows from posts join post_readings using (profile_id, post_id)
    where external_id in (${externalIdOf(world.prefix, 0)}, ${externalIdOf(world.prefix, 1)}) group by 1 order by 1`.execute(
    db,
  );
  expect(rows).toEqual([
    { post: '0', rows: 1 },
    { post: '1', rows: 7 },
  ]);
});

test('a resumed video is the post of the feed that showed it meanwhile, whoever its author is', async () => {
  worlds += 1;
  const { organizationId } = await createOrganization(db);
  const world = newWorld(db, organizationId, worlds, start, [{ hour: 8, post: 1, by: 70 }]);
  for (const index of [0, 1]) await toggleAccount(world, index);
  await toggleVideo(world, 1);
  for (const step of [switchVideo, readFeed, switchVideo, readPost, readFeed]) {
    passTime(world, 2);
    await step(world, 1);
    await expectTruth(world);
  }
  const { rows } = await sql`
    select v.view_count, v.create_time is not null as is_dated from videos v join tracked_posts t using (profile_id, post_id)
    where v.organization_id = ${organizationId}`.execute(db);
  expect(rows).toEqual([{ view_count: 1070, is_dated: true }]);
});

const books = async () => {
  const tables = ['account_days', 'video_days', 'shared_post_days', 'organization_days'];
  return Promise.all(
    tables.map(async (table) => (await sql`select * from ${sql.table(table)} t order by t::text`.execute(db)).rows),
  );
};

test('a post counts once, whoever holds it and whatever is settled; rebuilding makes the same books, and the doctor agrees', {
  timeout: 300_000,
}, async () => {
  await fc.assert(fc.asyncProperty(steps, growths, play), {
    numRuns: 20,
    interruptAfterTimeLimit: 200_000,
    endOnFailure: true,
  });
  expect((await runDoctor({ db })).checks.filter((check) => !check.ok)).toEqual([]);
  const before = await books();
  expect(before.every((rows) => rows.length > 0)).toBe(true);
  await rebuildRollups({ db, logger: silentLogger });
  expect(await books()).toEqual(before);
});
