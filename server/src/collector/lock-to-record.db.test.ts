import { describe, expect, it } from 'vitest';
import { claimProfile, refreshNow, systemContext, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, scriptedSource } from '../../test/support/scripted-source.ts';
import { untilWaiting } from '../../test/support/waiting.ts';
import { createAccount } from '../services/accounts/create-account.ts';
import { updateAccount } from '../services/accounts/update-account.ts';
import type { Context } from '../services/context.ts';
import { runDoctor } from './doctor.ts';
import { observe } from './observe.ts';
import { rebuildRollups } from './rebuild.ts';
import { record } from './record.ts';

const { db } = await testDatabase();
const source = scriptedSource();
const world = { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [source] };

const problems = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);
const days = () => db.selectFrom('account_days').selectAll().orderBy('account_id').orderBy('day').execute();

/** Records a refresh of the profile that has looked for its trackers already while `change` was not yet committed. */
async function recordDuring(profileId: number, change: (ctx: Pick<Context, 'db'>) => Promise<unknown>) {
  const claim = await claimProfile(world, profileId);
  const { username, platform } = await db
    .selectFrom('profiles')
    .select(['username', 'platform'])
    .where('profile_id', '=', profileId)
    .executeTakeFirstOrThrow();
  const reach = { maxPosts: null, lookbackDays: null, maxPages: 5 };
  const seen = await observe([source], { username, platform, ids: {} }, reach, { now: world.clock.now() });
  if (!seen.ok) throw new Error(seen.failure.message);
  const { recording } = await db.transaction().execute(async (trx) => {
    await change({ db: trx });
    const started = record(db, world.clock, claim, seen.value);
    await untilWaiting(db);
    return { recording: started };
  });
  return recording;
}

describe('a refresh that waits for somebody who', () => {
  const views = (count: number) => [
    observedPost('1', { viewCount: count }, { createTime: new Date('2026-01-01T00:00:00Z') }),
  ];

  it('begins to track the profile books for them too', async () => {
    const [first, second] = [await createOrganization(db), await createOrganization(db)];
    const { profileId } = await track(world, first.organizationId, 'joined');
    source.script.posts = views(10);
    await refreshNow(world, profileId);
    world.clock.add(24);
    source.script.posts = views(15);
    const recorded = await recordDuring(profileId, (ctx) => {
      const other = { ...systemContext(db, second.organizationId, world.clock), ...ctx, logger: silentLogger };
      return createAccount(other, { platform: 'instagram', username: 'joined' });
    });
    expect(recorded).toMatchObject({ status: 'recorded' });
    expect(await problems()).toEqual([]);
    const [joined] = await db
      .selectFrom('accounts')
      .select(['last_scrape_time', 'view_count'])
      .where('organization_id', '=', second.organizationId)
      .execute();
    expect(joined).toMatchObject({ last_scrape_time: expect.any(Date), view_count: 15 });
  });

  it.each(['resumes', 'pauses'])('%s the account books what is the account’s own', async (change) => {
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(world, organizationId, `who_${change}`);
    const switchTo = (ctx: Context, isActive: boolean) =>
      updateAccount(ctx, { accountId, changes: { is_active: isActive } });
    const ctx = systemContext(db, organizationId, world.clock);
    source.script.posts = views(10);
    await refreshNow(world, profileId);
    if (change === 'resumes') await switchTo(ctx, false);
    world.clock.add(24);
    source.script.posts = views(15);
    await recordDuring(profileId, (inside) => switchTo({ ...ctx, ...inside }, change === 'resumes'));
    expect(await problems()).toEqual([]);
    const before = await days();
    await rebuildRollups({ db, logger: silentLogger });
    expect(await days()).toEqual(before);
  });
});
