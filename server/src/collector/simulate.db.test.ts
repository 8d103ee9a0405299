import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { claimProfile, refreshNow, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { createSources } from '../sources/create.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';
import { claimDue } from './schedule.ts';
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
