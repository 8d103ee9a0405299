import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { claimProfile, refreshNow, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { newId } from '../database/ids.ts';
import { createSources } from '../sources/create.ts';
import { castAccounts } from './cast.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';
import { claimDue, releaseOwn } from './schedule.ts';
import { simulateHistory } from './simulate.ts';

const { db } = await testDatabase();
const sources = await createSources([{ name: 'sandbox', values: {} }], { logger: silentLogger });
afterAll(() => Promise.all(sources.map((source) => source.close())));

const clock = testClock('2026-03-20T12:00:00Z');
const deps = { db, sources, clock, logger: silentLogger, maxPagesPerRefresh: 20 };
const failures = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);
const dayCount = async (accountId: string): Promise<number> => {
  const { rows } = await sql<{ days: number }>`
    select count(*)::int as days from account_days where account_id = ${accountId}`.execute(db);
  return rows[0]?.days ?? 0;
};

describe('a simulated history', () => {
  it('fills new accounts and those that were tracked already, without touching another organization', async () => {
    const [own, other] = [await createOrganization(db), await createOrganization(db)];
    const collecting = { db, clock, sources };
    const tracked = await track(collecting, own.organizationId, 'tracked_before');
    const shared = await track(collecting, other.organizationId, 'tracked_before');
    await refreshNow(collecting, tracked.profileId);
    const progress: number[] = [];
    const input = { organizationId: own.organizationId, accounts: 4, days: 20 };
    const onProgress = (done: number, total: number) => progress.push(done / total);
    const result = await simulateHistory({ ...deps, onProgress }, input);

    expect(result).toMatchObject({ accounts: 4, created: 3, backfilled: 1 });
    expect(progress.at(-1)).toBe(1);
    expect(await dayCount(tracked.accountId)).toBeGreaterThanOrEqual(20);
    expect(await dayCount(shared.accountId)).toBe(1);
    expect(await failures()).toEqual([]);
    const { rows: claims } = await sql`select from profiles where claim_id is not null`.execute(db);
    expect(claims).toEqual([]);

    const again = await simulateHistory(deps, input);
    expect(again).toMatchObject({ accounts: 0, created: 0, backfilled: 0 });
  });
});

describe('a simulation over accounts that were read before', () => {
  // Posts published between the last simulated look and the first real one count from 0 like all that are newer than the start.
  it('counts every post from where the new start says', async () => {
    const { organizationId } = await createOrganization(db);
    const collecting = { db, clock, sources };
    for (let i = 0; i < 6; i += 1) {
      const { profileId } = await track(collecting, organizationId, `busy_${i}`, i % 2 ? 'tiktok' : 'instagram');
      await refreshNow(collecting, profileId);
    }
    const between = await createOrganization(db);
    const early = await track(collecting, between.organizationId, 'busy_7', 'tiktok');
    await refreshNow(collecting, early.profileId);
    clock.add(36);
    await track(collecting, organizationId, 'busy_7', 'tiktok');
    await refreshNow(collecting, early.profileId);
    await simulateHistory(deps, { organizationId, accounts: 7, days: 30 });
    expect(await failures()).toEqual([]);
    const { rows } = await sql<{ wrong: number; held: number }>`
      select count(*)::int as held, count(*) filter (
        where v.counts_from_zero <> coalesce(p.create_time >= a.added_at, false)
          or v.added_at <> (select min(r.read_at) from post_readings r
            where r.profile_id = v.profile_id and r.post_id = v.post_id and r.read_at >= a.counted_from))::int as wrong
      from account_videos v join accounts a using (organization_id, account_id)
      join posts p on p.profile_id = v.profile_id and p.post_id = v.post_id
      where v.organization_id = ${organizationId}`.execute(db);
    expect(rows[0]?.held).toBeGreaterThan(200);
    expect(rows[0]?.wrong).toBe(0);
  });

  it('that were never read shows what it read, and takes no more posts than the account wants', async () => {
    const { organizationId } = await createOrganization(db);
    const { accountId } = await track({ db, clock, sources }, organizationId, 'limited');
    await sql`update accounts set max_recent_posts_per_account = 5 where account_id = ${accountId}`.execute(db);
    await simulateHistory(deps, { organizationId, accounts: 1, days: 3 });
    const account = await db
      .selectFrom('accounts')
      .selectAll()
      .where('account_id', '=', accountId)
      .executeTakeFirstOrThrow();
    expect(account).toMatchObject({ source: 'sandbox', last_scrape_time: expect.any(Date) });
    expect(account.follower_count).toBeGreaterThan(0);
    expect(account.total_post_count).toBeLessThanOrEqual(8);
    expect(await failures()).toEqual([]);
  });

  it('finishes what one that was killed had begun', async () => {
    const { organizationId } = await createOrganization(db);
    const killed = {
      ...deps,
      sources: sources.map((source) => ({ ...source, fetchPosts: () => Promise.reject(new Error('killed')) })),
    };
    const input = { organizationId, accounts: 3, days: 20 };
    await expect(simulateHistory(killed, input)).rejects.toThrow('killed');
    const { rows: begun } = await sql<{ account_id: string }>`
      select account_id from accounts where organization_id = ${organizationId}`.execute(db);
    expect(begun).toHaveLength(3);
    await simulateHistory(deps, input);
    for (const account of begun) expect(await dayCount(account.account_id)).toBeGreaterThanOrEqual(20);
    expect(await failures()).toEqual([]);
  });
});

describe('the doctor', () => {
  const planted: [string, string][] = [
    [
      'a day that says too much',
      'update account_days set views = views + 1 where ctid = (select min(ctid) from account_days where views is not null)',
    ],
    [
      'a day that is missing',
      'delete from account_days where account_id = (select min(account_id::text)::uuid from account_days)',
    ],
    ['a gain that became unknown', 'update account_days set likes = null'],
    ['a last known counter', 'update account_videos set like_count = like_count + 5 where like_count is not null'],
    ['a sum', 'update accounts set view_count = view_count + 7'],
    ['levels of an account', 'update accounts set follower_count = 7, following_count = 8'],
    ['levels of a profile', 'update profiles set follower_count = 7'],
    ['counters of a post', 'update posts set view_count = view_count + 5'],
    ['hidden posts', 'update account_videos set is_hidden = true'],
    [
      'a post that counts from 0 though it is older',
      'update account_videos set counts_from_zero = not counts_from_zero',
    ],
    [
      'day gains of nobody',
      `insert into account_days select organization_id, gen_random_uuid(), day from account_days limit 1`,
    ],
    ['a count of posts', 'update accounts set total_post_count = total_post_count + 1'],
  ];

  it.each(planted)('finds %s, and rebuild mends it', async (_, corruption) => {
    const { organizationId } = await createOrganization(db);
    await sql`update profiles set due_at = null, interval_hours = null where claim_id is null`.execute(db);
    await sql`delete from organizations where organization_id <> ${organizationId}`.execute(db);
    await sql`delete from account_days`.execute(db);
    await simulateHistory(deps, { organizationId, accounts: 1, days: 5 });
    expect(await failures()).toEqual([]);
    await sql.raw(corruption).execute(db);
    expect(await failures()).not.toEqual([]);
    await rebuildRollups({ db, logger: silentLogger });
    expect(await failures()).toEqual([]);
  });

  it('finds a profile that nobody would ever look at again', async () => {
    const { organizationId } = await createOrganization(db);
    const { profileId } = await track({ db, clock, sources }, organizationId, 'forgotten');
    await claimProfile({ db, clock, sources }, profileId);
    await sql`update profiles set due_at = null where profile_id = ${profileId}`.execute(db);
    expect((await failures()).join()).toContain(`profile ${profileId}`);
  });
});

// Last: it takes every other profile of this database out of the schedule.
describe('beside a running collector', () => {
  it('keeps the profiles that it makes to itself while it runs', async () => {
    const { organizationId } = await createOrganization(db);
    let stolen = 0;
    const onProgress = () => {
      void claimDue(db, { collectorId: '00000000-0000-7000-8000-000000000001', now: clock.now(), limit: 100 }).then(
        (n) => {
          stolen += n;
        },
      );
    };
    await sql`update profiles set due_at = null, interval_hours = null`.execute(db);
    await simulateHistory({ ...deps, onProgress }, { organizationId, accounts: 2, days: 3 });
    expect(stolen).toBe(0);
  });
});

describe('two demos at once', () => {
  /** Accounts for a history of each of these organizations, all at the same moment; how many were made for each. */
  async function castTogether(organizationIds: readonly string[], count: number): Promise<number[]> {
    const [startAt, endAt] = [new Date('2026-03-10T12:00:00Z'), clock.now()];
    const simulations = organizationIds.map((organizationId) => {
      return { ...deps, organizationId, collectorId: newId(), startAt, endAt, onRefresh: () => {} };
    });
    const casts = await Promise.all(simulations.map((simulation) => castAccounts(simulation, count)));
    await Promise.all(simulations.map(({ collectorId }) => releaseOwn(db, collectorId)));
    return casts.map(({ created }) => created.length);
  }

  it('make together what one would', async () => {
    const { organizationId } = await createOrganization(db);
    const [one = 0, other = 0] = await castTogether([organizationId, organizationId], 7);
    expect(one + other).toBe(7);
    const { rows } = await sql`
      select (select count(*)::int from accounts where organization_id = ${organizationId}) as accounts,
        count(*)::int - count(distinct name)::int as creators_made_twice
      from creators where organization_id = ${organizationId}`.execute(db);
    expect(rows).toEqual([{ accounts: 7, creators_made_twice: 0 }]);
  });

  it('of two organizations take different handles', async () => {
    const organizations = await Promise.all([1, 2].map(async () => (await createOrganization(db)).organizationId));
    expect(await castTogether(organizations, 6)).toEqual([6, 6]);
    const { rows } = await sql`
      select count(*)::int as accounts, count(distinct profile_id)::int as profiles from accounts
      where organization_id = any(${organizations}::uuid[])`.execute(db);
    expect(rows).toEqual([{ accounts: 12, profiles: 12 }]);
  });
});
