import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { refreshNow } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { usernameOf } from '../../test/support/shared-plan.ts';
import {
  contextOf,
  newWorld,
  passTime,
  readFeed,
  type SharedWorld,
  toggleAccount,
} from '../../test/support/shared-world.ts';
import { untilWaiting } from '../../test/support/waiting.ts';
import { createAccount } from '../services/accounts/create-account.ts';
import { deleteAccount } from '../services/accounts/delete-account.ts';
import { getOrganizationTimeseries } from '../services/analytics/get-organization-timeseries.ts';
import { readBooks } from '../services/organization-books/read-books.ts';
import { settleOrganization } from '../services/organization-books/settle-organizations.ts';
import { createVideo } from '../services/videos/create-video.ts';
import { deleteVideo } from '../services/videos/delete-video.ts';
import { organizationChecks } from './doctor-organizations.ts';
import { rebuildRollups } from './rebuild.ts';

const { db } = await testDatabase();
let worlds = 0;
let world: SharedWorld;

beforeEach(async () => {
  worlds += 1;
  const { organizationId } = await createOrganization(db);
  const growths = Array.from({ length: 60 }, (_, i) => ({ hour: i * 10, post: i % 5, by: 100 + i }));
  world = newWorld(db, organizationId, worlds, '2026-03-01T00:00:00Z', growths);
});

const failing = async () => (await organizationChecks(db)).filter((check) => !check.ok);
const settle = () => settleOrganization(db, world.organizationId, world.clock.now());

async function profileId(profile: number): Promise<number> {
  const handles = db.selectFrom('profile_handles').select('profile_id');
  const row = await handles.where('username', '=', usernameOf(world.prefix, profile)).executeTakeFirstOrThrow();
  return row.profile_id;
}

/** Refreshes these profiles at once: none can commit before each has written all, or waits for another that has. */
async function refreshTogether(profileIds: readonly number[]): Promise<void> {
  const refreshing = await db.transaction().execute(async (trx) => {
    // The last thing that a refresh writes.
    await sql`select from organization_versions where organization_id = ${world.organizationId} for update`.execute(
      trx,
    );
    const begun = profileIds.map((id) => refreshNow(world, id));
    await untilWaiting(db, profileIds.length);
    return begun.map((refresh) => ({ refresh }));
  });
  const refreshed = await Promise.all(refreshing.map(({ refresh }) => refresh));
  expect(refreshed.map(({ status }) => status)).toEqual(profileIds.map(() => 'recorded'));
}

describe('a post that two feeds show counts once, though both are refreshed at the same moment', () => {
  test('when it is new to both', async () => {
    await toggleAccount(world, 0);
    await toggleAccount(world, 1);
    const ids = [await profileId(0), await profileId(1)];
    for (const hours of [1, 95, 30]) {
      passTime(world, hours);
      await refreshTogether(ids);
      expect(await failing()).toEqual([]);
    }
    const corrected = await db
      .selectFrom('shared_post_days')
      .select('external_id')
      .distinct()
      .where('organization_id', '=', world.organizationId)
      .execute();
    expect(corrected).toHaveLength(2);
  });

  test('when it is new to one of them', async () => {
    await toggleAccount(world, 0);
    passTime(world, 5);
    await readFeed(world, 0);
    await toggleAccount(world, 1);
    passTime(world, 30);
    await refreshTogether([await profileId(0), await profileId(1)]);
    expect(await failing()).toEqual([]);
  });
});

describe('settled days', () => {
  /** Two accounts with twelve days of history, and a post tracked on its own. */
  async function withHistory(): Promise<{ accounts: string[]; identifier: string }> {
    await toggleAccount(world, 0);
    await toggleAccount(world, 1);
    const identifier = `9000000000${world.prefix}01`;
    await createVideo(contextOf(world), { platform: 'instagram', identifier });
    for (let day = 0; day < 12; day += 1) {
      passTime(world, 24);
      await readFeed(world, day % 2);
      await readFeed(world, 0);
    }
    return { accounts: world.accounts.map((account) => account?.id ?? ''), identifier };
  }

  test('say what was booked, whatever is deleted, revived and read while they are settled', async () => {
    const { accounts } = await withHistory();
    const ids = [await profileId(0), await profileId(1)];
    const video = await db
      .selectFrom('videos')
      .select('video_id')
      .where('organization_id', '=', world.organizationId)
      .executeTakeFirstOrThrow();
    const ctx = contextOf(world);
    for (let round = 0; round < 6; round += 1) {
      const accountId = accounts[round % 2] ?? '';
      const username = usernameOf(world.prefix, round % 2);
      const done = await Promise.allSettled([
        settle(),
        deleteAccount(ctx, { accountId }),
        refreshNow(world, ids[1 - (round % 2)] ?? 0),
        ...(round === 2 ? [deleteVideo(ctx, { videoId: video.video_id })] : []),
        settle(),
      ]);
      expect(done.filter((result) => result.status === 'rejected')).toEqual([]);
      expect(await failing()).toEqual([]);
      await Promise.all([createAccount(ctx, { platform: 'instagram', username }), settle()]);
      expect(await failing()).toEqual([]);
      passTime(world, 24);
    }
    expect((await readBooks(db, world.organizationId)).settledThrough).not.toBeNull();
  });

  test('are not settled any more when a collector whose clock is days behind books on one', async () => {
    await toggleAccount(world, 0);
    await toggleAccount(world, 1);
    for (let day = 0; day < 12; day += 1) {
      passTime(world, 24);
      await readFeed(world, 0);
    }
    await settle();
    expect(await readBooks(db, world.organizationId)).toEqual({
      settledThrough: '2026-03-11',
      spannedOn: '2026-03-13',
    });
    world.clock.set('2026-03-06T00:00:00Z');
    await refreshNow(world, await profileId(1));
    expect(await readBooks(db, world.organizationId)).toEqual({ settledThrough: '2026-03-05', spannedOn: null });
    world.clock.set('2026-03-13T12:00:00Z');
    const { points } = await getOrganizationTimeseries(contextOf(world), { request: { period: '90d' } });
    await settle();
    expect((await getOrganizationTimeseries(contextOf(world), { request: { period: '90d' } })).points).toEqual(points);
    expect((await readBooks(db, world.organizationId)).settledThrough).toBe('2026-03-11');
  });

  test('of a profile that is deleted and revived take in and give back all that it had', async () => {
    const { accounts } = await withHistory();
    await settle();
    const series = () => getOrganizationTimeseries(contextOf(world), { request: { period: '90d' } });
    const before = await series();
    await deleteAccount(contextOf(world), { accountId: accounts[0] ?? '' });
    expect((await series()).points).not.toEqual(before.points);
    expect(await failing()).toEqual([]);
    await createAccount(contextOf(world), { platform: 'instagram', username: usernameOf(world.prefix, 0) });
    expect((await series()).points).toEqual(before.points);
  });
});

describe('the doctor', () => {
  const planted: [string, string][] = [
    ['a correction that says too much', 'update shared_post_days set views = views + 1'],
    ['a correction that is missing', 'delete from shared_post_days'],
    [
      'a correction of a post that is held once',
      `insert into shared_post_days select organization_id, 'instagram', 'nothing', day, 1, 0, 0, 0, 0, 0 from organization_days limit 1`,
    ],
    ['a settled day that says too much', 'update organization_days set likes = likes + 1'],
    ['a settled day that knows what nobody read', 'update organization_days set saves_known = saves_known + 1'],
    [
      'a settled day that is missing',
      'delete from organization_days where day = (select min(day) from organization_days)',
    ],
    ['a count of posts found', 'update organization_days set posts_found = posts_found + 1'],
    ['a span that says too much', 'update account_spans set comments = comments + 1'],
  ];

  test.each(planted)('finds %s, and rebuild mends it', async (_, corruption) => {
    await toggleAccount(world, 0);
    await toggleAccount(world, 1);
    for (const profile of [0, 1, 0, 1, 1, 0]) {
      passTime(world, 20);
      await readFeed(world, profile);
    }
    await settle();
    expect(await failing()).toEqual([]);
    await sql.raw(corruption).execute(db);
    expect(await failing()).not.toEqual([]);
    await rebuildRollups({ db, logger: silentLogger });
    expect(await failing()).toEqual([]);
  });
});
