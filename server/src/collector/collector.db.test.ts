import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { refreshNow, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { systemClock } from '../clock.ts';
import { newId } from '../database/ids.ts';
import { beat, claimDue, releaseDead } from './schedule.ts';
import { startCollector } from './start.ts';

const { db, pool } = await testDatabase();
const config = { collectorConcurrency: 4, maxPagesPerRefresh: 10, stopGraceMs: 100 };
const live = { db, clock: { ...testClock('2026-01-01T00:00:00Z'), now: () => systemClock.now() } };

function start(source = scriptedSource()) {
  return startCollector({ handle: { db, pool }, sources: [source], clock: systemClock, logger: silentLogger, config });
}

/** Waits for a state of the database; vitest's own time-out is the bound. */
async function until(question: () => Promise<boolean>): Promise<void> {
  while (!(await question())) await new Promise((resolve) => setImmediate(resolve));
}

const profileOf = (profileId: number) =>
  db.selectFrom('profiles').selectAll().where('profile_id', '=', profileId).executeTakeFirstOrThrow();
const accountOf = (accountId: string) =>
  db.selectFrom('accounts').selectAll().where('account_id', '=', accountId).executeTakeFirstOrThrow();

describe('a running collector', () => {
  it('reads a new account at once, and the next time when its interval has passed', async () => {
    const source = scriptedSource();
    source.script.posts = [observedPost('1', { viewCount: 3 })];
    const collector = await start(source);
    try {
      const { organizationId } = await createOrganization(db);
      const { accountId, profileId } = await track({ ...live, sources: [source] }, organizationId, 'at_once');
      await until(async () => (await accountOf(accountId)).last_scrape_time !== null);
      const profile = await profileOf(profileId);
      const hours = ((profile.due_at?.getTime() ?? 0) - (profile.read_at?.getTime() ?? 0)) / 3_600_000;
      expect(hours).toBeGreaterThan(22.8);
      expect(hours).toBeLessThanOrEqual(24);
      expect(profile.claim_id).toBeNull();
    } finally {
      await collector.stop();
    }
    expect(await db.selectFrom('collectors').selectAll().execute()).toEqual([]);
  });

  it('shares the work with another on the same database: nothing is refreshed twice', async () => {
    const source = scriptedSource();
    source.script.posts = [observedPost('1', { viewCount: 3 })];
    const { organizationId } = await createOrganization(db);
    const profiles: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      profiles.push((await track({ ...live, sources: [source] }, organizationId, `shared_${i}`)).profileId);
    }
    const collectors = await Promise.all([start(source), start(source)]);
    try {
      await until(async () => {
        const { rows } =
          await sql`select from profiles where profile_id = any(${profiles}) and due_at <= now()`.execute(db);
        return rows.length === 0;
      });
    } finally {
      await Promise.all(collectors.map((collector) => collector.stop()));
    }
    expect(source.script.asked).toBe(40);
  });

  it('goes on with what a collector that died had claimed', async () => {
    const source = scriptedSource();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track({ ...live, sources: [source] }, organizationId, 'orphan');
    const dead = { collectorId: newId(), host: 'elsewhere', pid: 1, sources: [] };
    await beat(db, dead);
    await claimDue(db, { collectorId: dead.collectorId, now: systemClock.now(), limit: 1000 });
    expect((await profileOf(profileId)).claimed_by).toBe(dead.collectorId);
    expect(await releaseDead(db, [])).toBe(0);
    await sql`update collectors set beat_at = beat_at - interval '16 seconds' where collector_id = ${dead.collectorId}`.execute(
      db,
    );
    const collector = await start(source);
    try {
      await until(async () => (await accountOf(accountId)).last_scrape_time !== null);
    } finally {
      await collector.stop();
    }
  });

  it('loses no claim to the left-over job of a claim that is void', async () => {
    const source = scriptedSource();
    const { organizationId } = await createOrganization(db);
    const profiles: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      profiles.push((await track({ ...live, sources: [source] }, organizationId, `left_over_${i}`)).profileId);
    }
    // Each round leaves jobs behind whose claims are void, as collectors do that die again and again.
    for (let round = 0; round < 3; round += 1) {
      const dead = { collectorId: newId(), host: 'elsewhere', pid: 1, sources: [] };
      await beat(db, dead);
      await claimDue(db, { collectorId: dead.collectorId, now: systemClock.now(), limit: 1000 });
      await releaseDead(db, [dead.collectorId]);
    }
    const collector = await start(source);
    try {
      await until(async () => {
        const { rows } =
          await sql`select from profiles where profile_id = any(${profiles}) and read_at is null`.execute(db);
        return rows.length === 0;
      });
    } finally {
      await collector.stop();
    }
    expect(source.script.asked).toBe(20);
  });

  it('hands back what it has not finished when it stops', async () => {
    const stuck = scriptedSource();
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    stuck.fetchProfile = (_ref, { signal }) => {
      asked();
      return new Promise((resolve) => {
        signal?.addEventListener('abort', () =>
          resolve({ ok: false, failure: { code: 'transient', message: 'stopped' } }),
        );
      });
    };
    const { organizationId } = await createOrganization(db);
    const { profileId } = await track({ ...live, sources: [stuck] }, organizationId, 'stuck');
    const collector = await start(stuck);
    await isAsked;
    await collector.stop();
    const profile = await profileOf(profileId);
    expect(profile).toMatchObject({ claim_id: null, failure_count: 0 });
    expect(profile.due_at?.getTime()).toBeLessThanOrEqual(systemClock.now().getTime());
  });
});

describe('an account whose profile cannot be read', () => {
  const collecting = (start: string) => {
    const source = scriptedSource();
    return { db, clock: testClock(start), sources: [source], script: source.script };
  };

  it('turns unavailable when private, keeps its numbers, and recovers with the next success', async () => {
    const w = collecting('2026-03-02T09:00:00Z');
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'private_later');
    await refreshNow(w, profileId);
    const before = await accountOf(accountId);
    w.clock.add(24);
    w.script.profile = { code: 'private', message: 'private' };
    await refreshNow(w, profileId);
    expect(await accountOf(accountId)).toEqual({ ...before, is_unavailable: true });
    w.clock.add(24);
    w.script.profile = observedProfile();
    await refreshNow(w, profileId);
    expect((await accountOf(accountId)).is_unavailable).toBe(false);
  });

  it('moves last_scrape_time only on success', async () => {
    const w = collecting('2026-03-02T09:00:00Z');
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'flaky');
    w.script.profile = { code: 'transient', message: 'timeout' };
    await refreshNow(w, profileId);
    expect(await accountOf(accountId)).toMatchObject({ last_scrape_time: null, is_unavailable: false });
    expect(await db.selectFrom('account_days').selectAll().where('account_id', '=', accountId).execute()).toEqual([]);
  });

  it('is not continued with the numbers of whoever took the handle over', async () => {
    const w = collecting('2026-03-02T09:00:00Z');
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'recycled');
    await refreshNow(w, profileId);
    w.clock.add(24);
    w.script.profile = observedProfile({ platformProfileId: '2', followerCount: 5 });
    expect(await refreshNow(w, profileId)).toMatchObject({ status: 'failed' });
    expect(await accountOf(accountId)).toMatchObject({ follower_count: 100 });
  });
});
