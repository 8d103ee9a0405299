import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { refreshNow, systemContext, testClock } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { type Person, peopleSource } from '../../test/support/people-source.ts';
import { Problem } from '../contract/problem.ts';
import { newId } from '../database/ids.ts';
import { createAccount } from '../services/accounts/create-account.ts';
import { deleteAccount } from '../services/accounts/delete-account.ts';
import { updateAccount } from '../services/accounts/update-account.ts';
import { runDoctor } from './doctor.ts';
import { rebuildAccount } from './rebuild.ts';

const { db } = await testDatabase();

const organizations = 2;
const persons = 3;
const names = 8;
const index = (below: number) => fc.nat({ max: below - 1 });
const anyStep = fc.record({
  act: fc.constantFrom(
    'track',
    'track',
    'track',
    'refresh',
    'refresh',
    'refresh',
    'rename',
    'pause',
    'resume',
    'delete',
  ),
  /** Mostly somebody who is there now. */
  isPresent: fc.constantFrom(true, true, true, false),
  organization: index(organizations),
  person: index(persons),
  name: index(names),
  hours: fc.integer({ min: 0, max: 40 }),
  views: fc.integer({ min: 0, max: 100 }),
});

async function newWorld() {
  const run = newId().slice(-12);
  const name = (i: number): string => `${run}_${i}`;
  const people = Array.from({ length: persons }, (_, i): Person => {
    const id = `${BigInt(`0x${run}`)}${i}`;
    return { id, name: name(i), followers: 10 * (i + 1), views: 1000 * (i + 1) };
  });
  const owners = await Promise.all(Array.from({ length: organizations }, () => createOrganization(db)));
  return { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [peopleSource(people)], people, owners, name };
}

const outcomes: string[] = [];

type World = Awaited<ReturnType<typeof newWorld>>;
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const accountsOf = (organizationId: string) =>
  db.selectFrom('accounts').selectAll().where('organization_id', '=', organizationId).orderBy('account_id').execute();

/** A name that somebody bears is taken over: the former bearer gets the other's old one. */
function rename({ people, name }: World, { person, name: to }: Step): void {
  const [renamed, wanted] = [people[person], name(to)];
  const bearer = people.find((other) => other.name === wanted);
  if (renamed === undefined || renamed === bearer) return;
  if (bearer !== undefined) bearer.name = renamed.name;
  renamed.name = wanted;
}

async function take(w: World, step: Step): Promise<void> {
  const { act, organization, person, name, isPresent, hours, views } = step;
  w.clock.add(hours);
  const organizationId = w.owners[organization]?.organizationId ?? '';
  const ctx = systemContext(db, organizationId, w.clock);
  const accounts = await accountsOf(organizationId);
  const account = accounts[name % Math.max(accounts.length, 1)];
  if (act === 'rename') return rename(w, step);
  if (act === 'track') {
    const username = isPresent ? (w.people[person]?.name ?? '') : w.name(name);
    await createAccount(ctx, { platform: 'instagram', username }).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'CONFLICT') throw error;
    });
    return;
  }
  if (account === undefined) return;
  if (act === 'refresh') {
    for (const each of w.people) each.views += views - 20;
    outcomes.push((await refreshNow(w, account.profile_id)).status);
    return;
  }
  if (account.deleted_at !== null) return;
  const { account_id: accountId } = account;
  if (act === 'delete') await deleteAccount(ctx, { accountId });
  else await updateAccount(ctx, { accountId, changes: { is_active: act === 'resume' } });
}

async function books({ owners }: World) {
  const ids = owners.map((owner) => owner.organizationId);
  const rows = (table: 'accounts' | 'account_days' | 'account_videos') =>
    db.selectFrom(table).selectAll().where('organization_id', 'in', ids);
  return {
    accounts: await rows('accounts').orderBy('account_id').execute(),
    days: await rows('account_days').orderBy('account_id').orderBy(sql`day`).execute(),
    holdings: await rows('account_videos').orderBy(sql`account_video_id`).execute(),
  };
}

async function rebuild({ owners }: World): Promise<void> {
  for (const { organizationId } of owners) {
    for (const { account_id: accountId } of await accountsOf(organizationId)) {
      await db.transaction().execute((trx) => rebuildAccount(trx, { organizationId, accountId }));
    }
  }
}

/** Readings of one post that are not those of the person who wrote it, and persons who are read as two profiles. */
async function mixedUp(): Promise<unknown[]> {
  const { rows } = await sql`
    select p.profile_id from posts p join profiles f using (profile_id) where p.external_id <> f.platform_profile_id || '00'
    union all
    select min(profile_id) from profiles where platform_profile_id is not null group by platform, platform_profile_id
    having count(*) > 1`.execute(db);
  return rows;
}

it('people who are renamed and take each other’s names: one profile each, nobody’s numbers mixed, rebuilt bit for bit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
      const w = await newWorld();
      for (const each of steps) await take(w, each);
      const before = await books(w);
      await rebuild(w);
      expect(await books(w)).toEqual(before);
    }),
    { numRuns: 40 },
  );
  expect(outcomes).toContain('merged');
  expect(await mixedUp()).toEqual([]);
  expect((await runDoctor({ db })).checks.flatMap((check) => check.failures)).toEqual([]);
}, 180_000);
