import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { claimProfile, refreshNow, systemContext, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { type Person, peopleSource } from '../../test/support/people-source.ts';
import { untilWaiting } from '../../test/support/waiting.ts';
import { watchedDb } from '../../test/support/watched-db.ts';
import { systemClock } from '../clock.ts';
import { newId } from '../database/ids.ts';
import { createAccount } from '../services/accounts/create-account.ts';
import { deleteAccount } from '../services/accounts/delete-account.ts';
import { createSources } from '../sources/create.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';
import { refresh } from './refresh.ts';
import { startCollector } from './start.ts';

const { db, pool } = await testDatabase();
const sandbox = await createSources([{ name: 'sandbox', values: {} }], { logger: silentLogger });
afterAll(() => Promise.all(sandbox.map((source) => source.close())));

const problems = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);
const accountOf = (accountId: string) =>
  db.selectFrom('accounts').selectAll().where('account_id', '=', accountId).executeTakeFirstOrThrow();
const profileOf = async (accountId: string) => (await accountOf(accountId)).profile_id;
const handles = async (profileId: number) =>
  (await db.selectFrom('profile_handles').select('username').where('profile_id', '=', profileId).execute()).map(
    (row) => row.username,
  );

let made = 0;
/** A platform of its own per test: names and ids meet nobody else's. */
function world(people: readonly Partial<Person>[]) {
  made += 1;
  const list = people.map((person, i) => ({
    id: `${made}${i}`,
    name: `p${made}_${i}`,
    followers: 10,
    views: 100,
    ...person,
  }));
  return { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [peopleSource(list)], people: list };
}

describe('a profile that is tracked under two handles', () => {
  it.each([
    ['instagram', 'renamed_d', 'now_renamed_d'],
    ['instagram', 'now_renamed_e', 'renamed_e'],
    ['tiktok', 'renamed_d', 'now_renamed_d'],
    ['tiktok', 'now_renamed_e', 'renamed_e'],
  ] as const)('is one profile: %s, %s and then %s', async (platform, first, second) => {
    const w = { db, clock: testClock('2026-03-02T09:00:00Z'), sources: sandbox };
    const [one, other] = [await createOrganization(db), await createOrganization(db)];
    const early = await track(w, one.organizationId, first, platform);
    await refreshNow(w, early.profileId);
    w.clock.add(26);
    const late = await track(w, other.organizationId, second, platform);
    if (late.profileId !== early.profileId) {
      expect(await refreshNow(w, late.profileId)).toEqual({ status: 'merged', into: early.profileId });
    }
    const profile = await db
      .selectFrom('profiles')
      .selectAll()
      .where('profile_id', '=', early.profileId)
      .executeTakeFirstOrThrow();
    expect(profile.username).toBe(first.startsWith('now_') ? first : second);
    // Whoever is new waits for a first reading.
    expect(profile.due_at).toEqual(w.clock.now());
    await refreshNow(w, early.profileId);

    const [a, b] = [await accountOf(early.accountId), await accountOf(late.accountId)];
    expect([a.username, b.username]).toEqual([first, second]);
    expect(b).toMatchObject({ profile_id: a.profile_id, view_count: a.view_count, follower_count: a.follower_count });
    const days = await db.selectFrom('account_days').select('day').where('account_id', '=', late.accountId).execute();
    expect(days).toEqual([{ day: '2026-03-03' }]);
    const known = await sql`select from profiles where platform_profile_id = ${profile.platform_profile_id}`.execute(
      db,
    );
    expect(known.rows).toHaveLength(1);
    expect(await problems()).toEqual([]);
  });

  it('counts for each account from its own beginning, whatever its state when the profiles turn out to be one', async () => {
    const w = world([{}]);
    const [person] = w.people;
    if (person === undefined) throw new Error('nobody');
    const organizations = await Promise.all(['active', 'deleted'].map(() => createOrganization(db)));
    const [o1, o2] = organizations;
    if (o1 === undefined || o2 === undefined) throw new Error('no organizations');
    const first = await track(w, o1.organizationId, person.name);
    await refreshNow(w, first.profileId);
    const old = person.name;
    person.name = `${old}_new`;
    w.clock.add(24);
    const active = await track(w, o1.organizationId, person.name);
    const deleted = await track(w, o2.organizationId, person.name);
    await deleteAccount(systemContext(db, o2.organizationId, w.clock), { accountId: deleted.accountId });
    person.views = 150;
    await refreshNow(w, first.profileId);
    const refused = {
      profile_id: active.profileId,
      refused_at: w.clock.now(),
      source: 'a',
      reason: 'odd',
      excerpt: '{}',
    };
    await db.insertInto('refused_readings').values(refused).execute();
    expect(await refreshNow(w, active.profileId)).toEqual({ status: 'merged', into: first.profileId });
    const kept = await db.selectFrom('refused_readings').select('profile_id').execute();
    expect(kept).toEqual([{ profile_id: first.profileId }]);
    person.views = 170;
    w.clock.add(24);
    await refreshNow(w, first.profileId);
    expect(await accountOf(active.accountId)).toMatchObject({ view_count: 170, profile_id: first.profileId });

    const revived = await createAccount(systemContext(db, o2.organizationId, w.clock), {
      platform: 'instagram',
      username: person.name,
    });
    expect(revived.account_id).toBe(deleted.accountId);
    person.views = 200;
    w.clock.add(24);
    await refreshNow(w, first.profileId);
    const gains = async (accountId: string) =>
      (
        await db.selectFrom('account_days').select('views').where('account_id', '=', accountId).orderBy('day').execute()
      ).map((row) => row.views);
    expect(await gains(first.accountId)).toEqual([0, 50, 20, 30]);
    expect(await gains(active.accountId)).toEqual([0, 30]);
    expect(await gains(deleted.accountId)).toEqual([0]);
    expect(await problems()).toEqual([]);
  });

  it('has its numbers within one refresh of the other profile, and leaves nobody the one that was given up', async () => {
    const w = world([{}]);
    const [person] = w.people;
    if (person === undefined) throw new Error('nobody');
    const [o1, o2] = [await createOrganization(db), await createOrganization(db)];
    const first = await track(w, o1.organizationId, person.name);
    await refreshNow(w, first.profileId);
    person.name = `${person.name}_new`;
    const late = await track(w, o2.organizationId, person.name);
    const stale = await claimProfile(w, late.profileId);
    const claim = await claimProfile(w, late.profileId);
    const deps = { ...w, logger: silentLogger, collectorId: newId(), maxPagesPerRefresh: 5 };
    expect(await refresh(deps, claim)).toMatchObject({ status: 'merged' });
    expect(await refresh(deps, claim)).toEqual({ status: 'lost_claim' });
    expect(await refresh(deps, stale)).toEqual({ status: 'lost_claim' });
    const left = await sql`select from profiles where profile_id = ${late.profileId}`.execute(db);
    expect(left.rows).toEqual([]);
    expect(await handles(first.profileId)).toEqual([person.name]);
  });

  it('is read at once by a running collector, though it was just read for others', async () => {
    const w = world([{}]);
    const [person] = w.people;
    if (person === undefined) throw new Error('nobody');
    const clock = { ...w.clock, now: () => systemClock.now() };
    const config = { collectorConcurrency: 2, maxPagesPerRefresh: 5 };
    const collector = await startCollector({
      handle: { db, pool },
      sources: w.sources,
      clock,
      logger: silentLogger,
      config,
    });
    const untilRead = async (accountId: string) => {
      while ((await accountOf(accountId)).last_scrape_time === null)
        await new Promise((resolve) => setImmediate(resolve));
    };
    try {
      const [o1, o2] = [await createOrganization(db), await createOrganization(db)];
      const first = await track({ ...w, clock }, o1.organizationId, person.name);
      await untilRead(first.accountId);
      person.name = `${person.name}_new`;
      const late = await track({ ...w, clock }, o2.organizationId, person.name);
      await untilRead(late.accountId);
      expect(await accountOf(late.accountId)).toMatchObject({ profile_id: first.profileId, view_count: 100 });
    } finally {
      await collector.stop();
    }
  });
});

describe('first refreshes and requests at the same moment', () => {
  it('make one profile of two that nobody has read yet', async () => {
    const o = await createOrganization(db);
    let arrived = 0;
    let open: () => void = () => {};
    const bothThere = new Promise<void>((resolve) => {
      open = resolve;
    });
    const person = { id: '777', name: 'at_once_new', followers: 10, views: 5 };
    // The platform forwards the old name.
    const source = peopleSource([person], async () => {
      arrived += 1;
      if (arrived === 2) open();
      await bothThere;
    });
    const answer = source.fetchProfile;
    source.fetchProfile = (ref, options) => answer({ ...ref, username: person.name }, options);
    const w = { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [source] };
    const [a, b] = [await track(w, o.organizationId, 'at_once'), await track(w, o.organizationId, 'at_once_new')];
    const results = await Promise.all([refreshNow(w, a.profileId), refreshNow(w, b.profileId)]);
    expect(results.map((result) => result.status).sort()).toEqual(['merged', 'recorded']);
    expect(await profileOf(a.accountId)).toBe(await profileOf(b.accountId));
    await refreshNow(w, await profileOf(a.accountId));
    expect([await accountOf(a.accountId), await accountOf(b.accountId)]).toMatchObject([
      { view_count: 5 },
      { view_count: 5 },
    ]);
    expect(await problems()).toEqual([]);
  });

  it.each(['before', 'while'])(
    'lead a request that is made %s the profile is given up to the other one',
    async (moment) => {
      const w = world([{}]);
      const [person] = w.people;
      if (person === undefined) throw new Error('nobody');
      const [o1, o2, o3] = [await createOrganization(db), await createOrganization(db), await createOrganization(db)];
      const names = [person.name, `${person.name}_new`] as const;
      // Profiles are locked in the order of their making: so the merge holds the one that is given up while it waits, or does not.
      const order = moment === 'while' ? [names[1], names[0]] : names;
      for (const name of order) await track(w, o1.organizationId, name);
      const first = await db
        .selectFrom('accounts')
        .selectAll()
        .where('username', '=', names[0])
        .executeTakeFirstOrThrow();
      await refreshNow(w, first.profile_id);
      person.name = names[1];
      const late = await track(w, o2.organizationId, names[1]);
      const { merging, creating } = await db.transaction().execute(async (trx) => {
        await sql`select from profiles where profile_id = ${first.profile_id} for update`.execute(trx);
        const refreshing = refreshNow(w, late.profileId);
        await untilWaiting(db, 1);
        const asked = track(w, o3.organizationId, names[1]);
        await (moment === 'while' ? untilWaiting(db, 2) : asked);
        return { merging: refreshing, creating: asked };
      });
      expect(await merging).toEqual({ status: 'merged', into: first.profile_id });
      const { accountId } = await creating;
      expect(await profileOf(accountId)).toBe(first.profile_id);
      expect(await problems()).toEqual([]);
    },
  );

  it('revive the deleted account of a profile that is being given up, and lock in one order', async () => {
    const w = world([{}]);
    const [person] = w.people;
    if (person === undefined) throw new Error('nobody');
    const { db: watched, failures } = watchedDb(pool);
    const [o1, o2] = [await createOrganization(db), await createOrganization(db)];
    const first = await track(w, o1.organizationId, person.name);
    await refreshNow(w, first.profileId);
    person.name = `${person.name}_new`;
    const late = await track(w, o2.organizationId, person.name);
    await deleteAccount(systemContext(db, o2.organizationId, w.clock), { accountId: late.accountId });
    const both = await db.transaction().execute(async (trx) => {
      await sql`select from profiles where profile_id = ${first.profileId} for update`.execute(trx);
      // Holds the account, and waits for the profile that stays.
      const merging = refreshNow({ ...w, db: watched }, late.profileId);
      await untilWaiting(db, 1);
      const reviving = track({ ...w, db: watched }, o2.organizationId, person.name);
      await untilWaiting(db, 2);
      return { merging, reviving };
    });
    expect(await both.merging).toMatchObject({ status: 'merged' });
    expect(await both.reviving).toEqual({ accountId: late.accountId, profileId: first.profileId });
    expect(failures).toEqual([]);
    expect(await problems()).toEqual([]);
  });
});

describe('a handle', () => {
  it('that was given up leads to whoever takes it, and their numbers never meet', async () => {
    const w = world([{ followers: 10 }, { followers: 5000, views: 9 }]);
    const [first, second] = w.people;
    if (first === undefined || second === undefined) throw new Error('nobody');
    const [o1, o2] = [await createOrganization(db), await createOrganization(db)];
    const handle = first.name;
    const early = await track(w, o1.organizationId, handle);
    await refreshNow(w, early.profileId);
    [first.name, second.name] = [`${handle}_new`, handle];
    w.clock.add(24);
    await refreshNow(w, early.profileId);
    const late = await track(w, o2.organizationId, handle);
    expect(late.profileId).not.toBe(early.profileId);
    await refreshNow(w, late.profileId);
    expect(await accountOf(early.accountId)).toMatchObject({ follower_count: 10, view_count: 100, username: handle });
    expect(await accountOf(late.accountId)).toMatchObject({ follower_count: 5000, view_count: 9 });
    expect([await handles(early.profileId), await handles(late.profileId)]).toEqual([[`${handle}_new`], [handle]]);
    expect(await problems()).toEqual([]);
  });

  it('of a profile that is gone leads to whoever takes it, also where profiles are asked for by name only', async () => {
    const w = world([{}, {}]);
    const [gone, heir] = w.people;
    if (gone === undefined || heir === undefined) throw new Error('nobody');
    const byName = w.sources.map((source) => {
      const answer = source.fetchProfile;
      return {
        ...source,
        fetchProfile: (...[ref, options]: Parameters<typeof answer>) =>
          answer({ ...ref, platformProfileId: null }, options),
      };
    });
    const v = { ...w, sources: byName };
    const [o1, o2] = [await createOrganization(db), await createOrganization(db)];
    const early = await track(v, o1.organizationId, gone.name);
    await refreshNow(v, early.profileId);
    [heir.name, gone.name] = [gone.name, 'nowhere'];
    expect(await refreshNow(v, early.profileId)).toMatchObject({ status: 'failed', failure: { code: 'not_found' } });
    const late = await track(v, o2.organizationId, heir.name);
    expect(late.profileId).not.toBe(early.profileId);
    expect(await refreshNow(v, late.profileId)).toMatchObject({ status: 'recorded' });
    expect(await problems()).toEqual([]);
  });

  it('that two profiles exchange leads each to its own', async () => {
    const w = world([{ followers: 1 }, { followers: 2 }]);
    const [a, b] = w.people;
    if (a === undefined || b === undefined) throw new Error('nobody');
    const o = await createOrganization(db);
    const [ta, tb] = [await track(w, o.organizationId, a.name), await track(w, o.organizationId, b.name)];
    await refreshNow(w, ta.profileId);
    await refreshNow(w, tb.profileId);
    [a.name, b.name] = [b.name, a.name];
    w.clock.add(24);
    await Promise.all([refreshNow(w, ta.profileId), refreshNow(w, tb.profileId)]);
    expect([await handles(ta.profileId), await handles(tb.profileId)]).toEqual([[a.name], [b.name]]);
    expect([await accountOf(ta.accountId), await accountOf(tb.accountId)]).toMatchObject([
      { follower_count: 1 },
      { follower_count: 2 },
    ]);
    expect(await problems()).toEqual([]);
  });
});

describe('two profiles that were read before they turned out to be one', () => {
  it('keep their histories apart; somebody is told once, and the doctor says it', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'warn', base: null }, { write: (line) => lines.push(line) });
    const w = { ...world([{}]), logger };
    const [person] = w.people;
    if (person === undefined) throw new Error('nobody');
    const [o1, o2] = [await createOrganization(db), await createOrganization(db)];
    const first = await track(w, o1.organizationId, person.name);
    await refreshNow(w, first.profileId);
    person.name = `${person.name}_new`;
    const nameless = w.sources.map((source) => ({
      ...source,
      fetchProfile: async (...args: Parameters<typeof source.fetchProfile>) => {
        const found = await source.fetchProfile(...args);
        return found.ok ? { ...found, value: { ...found.value, platformProfileId: null } } : found;
      },
    }));
    const second = await track(w, o2.organizationId, person.name);
    await refreshNow({ ...w, sources: nameless }, second.profileId);
    for (const _ of [1, 2]) {
      w.clock.add(24);
      expect(await refreshNow(w, second.profileId)).toMatchObject({ status: 'recorded' });
    }
    await refreshNow(w, first.profileId);
    await refreshNow(w, second.profileId);
    expect([await handles(first.profileId), await handles(second.profileId)]).toEqual([[person.name], []]);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ profileId: second.profileId, twinOf: first.profileId }),
    ]);
    expect(await problems()).toEqual([
      `profile ${second.profileId} is profile ${first.profileId}: each has readings of its own`,
    ]);
    await rebuildRollups({ db, logger: silentLogger });
    await sql`update profiles set twin_of = null where profile_id = ${second.profileId}`.execute(db);
  });
});
