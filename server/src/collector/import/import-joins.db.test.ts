import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { refreshNow, systemContext, testClock, track, trackVideo } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { importText, plainMapping } from '../../../test/support/importing.ts';
import { silentLogger } from '../../../test/support/logger.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../../test/support/scripted-source.ts';
import { updateAccount } from '../../services/accounts/update-account.ts';
import { settleOrganization } from '../../services/organization-books/settle-organizations.ts';
import { updateOrganization } from '../../services/organizations/update-organization.ts';
import { runDoctor } from '../doctor.ts';
import { rebuildRollups } from '../rebuild.ts';

const { db, pool } = await testDatabase();
const source = scriptedSource();
const clock = testClock('2026-03-10T09:00:00Z');
const collecting = { db, clock, sources: [source] };
const importing = { db, pool, clock };
const post = '3100000000000000001';
const header = 'platform,username,external_id,read_at,create_time,view_count,like_count,follower_count';
const file = (...rows: string[]): string => [header, ...rows].join('\n');

const failures = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);

async function days(organizationId: string): Promise<string[]> {
  const { rows } = await sql<{ day: string; views: number | null; followers: number | null; gained: number | null }>`
    select day, views, followers, followers_gained as gained from account_days where organization_id = ${organizationId}
    order by account_id, day`.execute(db);
  return rows.map(({ day, views, followers, gained }) => `${day.slice(5)} ${views} ${followers} ${gained}`);
}

/** What must hold after any import: the books are what the readings say, and are made anew just so. */
async function expectTruth(organizationId: string, expected: string[]): Promise<void> {
  expect(await days(organizationId)).toEqual(expected);
  expect(await failures()).toEqual([]);
  await rebuildRollups({ db, logger: silentLogger });
  expect(await days(organizationId)).toEqual(expected);
}

function show(views: number | null, followers: number): void {
  source.script.profile = observedProfile({ followerCount: followers });
  source.script.posts = [observedPost(post, { viewCount: views }, { createTime: new Date('2026-02-01T00:00:00Z') })];
}

async function collectAt(time: string, profileId: number, views: number | null, followers: number): Promise<void> {
  clock.set(time);
  show(views, followers);
  await refreshNow(collecting, profileId);
}

/** Tracked on 10 March, and read every day with the same numbers up to the 14th. */
async function tracked(username: string) {
  const { organizationId } = await createOrganization(db);
  clock.set('2026-03-10T09:00:00Z');
  const account = await track(collecting, organizationId, username);
  for (const day of ['10', '11', '12', '13', '14'])
    await collectAt(`2026-03-${day}T10:00:00Z`, account.profileId, 1000, 50);
  return { organizationId, ...account };
}

describe('an import into an account that is collected', () => {
  it('joins before the first reading: tracking counts as begun earlier, and the first gain is booked', async () => {
    const { organizationId, profileId } = await tracked('before');
    expect(await days(organizationId)).toEqual([
      '03-10 0 50 0',
      '03-11 0 50 0',
      '03-12 0 50 0',
      '03-13 0 50 0',
      '03-14 0 50 0',
    ]);
    await settleOrganization(db, organizationId, new Date('2026-03-15T00:00:00Z'));
    const rows = [
      `instagram,before,,2026-03-07,,,,40`,
      `instagram,before,${post},2026-03-07T12:00:00Z,2026-02-01,700,5,`,
      `instagram,before,${post},2026-03-09T12:00:00Z,,650,,`,
    ];
    const result = await importText(importing, organizationId, file(...rows));
    expect(result).toMatchObject({ imported: true, accountsAdded: 0, profiles: 1, readingsWritten: 3 });
    const expected = [
      '03-07 0 40 0',
      '03-09 -50 null null',
      '03-10 350 50 10',
      '03-11 0 50 0',
      '03-12 0 50 0',
      '03-13 0 50 0',
      '03-14 0 50 0',
    ];
    await expectTruth(organizationId, expected);
    await collectAt('2026-03-15T10:00:00Z', profileId, 1010, 51);
    await expectTruth(organizationId, [...expected, '03-15 10 51 1']);
    const { rows: accounts } = await sql`
      select added_at, first_scrape_time, is_active, source from accounts where organization_id = ${organizationId}`.execute(
      db,
    );
    const began = new Date('2026-03-07T00:00:00Z');
    expect(accounts).toEqual([{ added_at: began, first_scrape_time: began, is_active: true, source: 'scripted' }]);
  });

  it('joins within a run of readings, whose other days stay as they are', async () => {
    const { organizationId, profileId } = await tracked('within');
    const rows = [
      `instagram,within,${post},2026-03-12T18:00:00Z,,1300,,`,
      `instagram,within,,2026-03-12T18:00:00Z,,,,70`,
      `instagram,within,,2026-03-14T10:00:00Z,,,,99`,
    ];
    await importText(importing, organizationId, file(...rows));
    // At the very moment of a reading that was collected, this one stands.
    const expected = ['03-10 0 50 0', '03-11 0 50 0', '03-12 300 70 20', '03-13 -300 50 -20', '03-14 0 50 0'];
    await expectTruth(organizationId, expected);
    expect(await importText(importing, organizationId, file(...rows))).toMatchObject({ readingsWritten: 0 });
    await collectAt('2026-03-15T10:00:00Z', profileId, 1000, 50);
    await expectTruth(organizationId, [...expected, '03-15 0 50 0']);
  });

  it('joins after the last reading, and the next one is compared with it', async () => {
    const { organizationId, profileId } = await tracked('after');
    clock.set('2026-03-17T00:00:00Z');
    await importText(importing, organizationId, file(`instagram,after,${post},2026-03-16T10:00:00Z,,1500,,`));
    await collectAt('2026-03-17T10:00:00Z', profileId, 1500, 50);
    await expectTruth(organizationId, [
      '03-10 0 50 0',
      '03-11 0 50 0',
      '03-12 0 50 0',
      '03-13 0 50 0',
      '03-14 0 50 0',
      '03-16 500 null null',
      '03-17 0 50 0',
    ]);
  });

  it('adds to everybody who counts the post then, and to nobody who did not yet', async () => {
    const { organizationId, profileId } = await tracked('shared');
    const other = await createOrganization(db);
    const late = await createOrganization(db);
    clock.set('2026-03-14T12:00:00Z');
    await track(collecting, late.organizationId, 'shared');
    const videoId = await trackVideo(collecting, other.organizationId, post);
    await collectAt('2026-03-14T13:00:00Z', profileId, 1001, 50);
    clock.set('2026-03-16T00:00:00Z');
    await importText(
      importing,
      organizationId,
      file(
        `instagram,shared,${post},2026-03-15T10:00:00Z,,1200,,`,
        `instagram,shared,${post},2026-03-09T10:00:00Z,,900,,`,
      ),
    );
    const { rows } = await sql`select day, views from video_days where video_id = ${videoId} order by day`.execute(db);
    expect(rows.at(-1)).toEqual({ day: '2026-03-15', views: 199 });
    expect((await days(late.organizationId)).filter((day) => day < '03-14')).toEqual([]);
    expect(await failures()).toEqual([]);
  });
});

it('two accounts of one profile count an import once for the organization, also in days that are settled', async () => {
  const { organizationId } = await createOrganization(db);
  clock.set('2026-03-10T09:00:00Z');
  const seen = (followerCount: number) => {
    source.script.profile = observedProfile({ username: 'twin_new', platformProfileId: 'twin', followerCount });
    source.script.posts = [];
  };
  seen(100);
  const first = await track(collecting, organizationId, 'twin_old');
  clock.set('2026-03-10T10:00:00Z');
  await refreshNow(collecting, first.profileId);
  clock.set('2026-03-10T11:00:00Z');
  await sql`
    insert into accounts (organization_id, account_id, project_id, profile_id, platform, username, scrape_interval_hours, added_at, counted_from)
    select organization_id, gen_random_uuid(), project_id, profile_id, platform, 'twin_new', 24, '2026-03-10T11:00:00Z', '2026-03-10T11:00:00Z'
    from accounts where account_id = ${first.accountId}`.execute(db);
  await sql`update profiles set run_break_at = '2026-03-10T11:00:00Z' where profile_id = ${first.profileId}`.execute(
    db,
  );
  for (const [day, followers] of [
    ['11', 110],
    ['12', 120],
    ['13', 130],
  ] as const) {
    clock.set(`2026-03-${day}T10:00:00Z`);
    seen(followers);
    await refreshNow(collecting, first.profileId);
  }
  await settleOrganization(db, organizationId, new Date('2026-03-20T00:00:00Z'));
  await importText(
    importing,
    organizationId,
    file('instagram,twin_new,,2026-03-08,,,,60', 'instagram,twin_new,,2026-03-12T15:00:00Z,,,,126'),
  );
  expect(await failures()).toEqual([]);
  const { rows } =
    await sql`select day, step from organization_days where organization_id = ${organizationId} order by day`.execute(
      db,
    );
  expect(rows).toEqual(
    [
      ['08', 60],
      ['10', 40],
      ['11', 10],
      ['12', 16],
      ['13', 4],
    ].map(([day, step]) => ({ day: `2026-03-${day}`, step })),
  );
});

describe('an account that is new', () => {
  it('is paused, and later files count for it although it is', async () => {
    const { organizationId } = await createOrganization(db);
    clock.set('2026-03-10T00:00:00Z');
    const first = await importText(
      importing,
      organizationId,
      file('tiktok,weekly,,2026-03-02,,,,10', 'tiktok,weekly,,2026-03-09,,,,15'),
    );
    expect(first).toMatchObject({ accountsAdded: 1, readingsWritten: 2 });
    clock.set('2026-03-20T00:00:00Z');
    await importText(
      importing,
      organizationId,
      file('tiktok,weekly,,2026-03-12,,,,20', 'tiktok,weekly,,2026-03-16,,,,24'),
    );
    await expectTruth(organizationId, ['03-02 null 10 0', '03-09 null 15 5', '03-12 null 20 5', '03-16 null 24 4']);
    const { rows } = await sql`
      select is_active, source, follower_count, (select due_at from profiles p where p.profile_id = a.profile_id) as due_at
      from accounts a where organization_id = ${organizationId}`.execute(db);
    expect(rows).toEqual([{ is_active: false, source: 'import', follower_count: 24, due_at: null }]);
    const { rows: pauses } = await sql<{ text: string }>`
      select to_char(started_at, 'DD.MS') || ' ' || coalesce(to_char(ended_at, 'DD'), '') as text
      from account_pauses z join accounts a using (account_id) where a.organization_id = ${organizationId} order by started_at`.execute(
      db,
    );
    expect(pauses.map(({ text }) => text)).toEqual(['10.000 12', '16.001 ']);
  });

  it('is collected from now on with --track', async () => {
    const { organizationId } = await createOrganization(db);
    clock.set('2026-03-10T00:00:00Z');
    await importText(importing, organizationId, file('instagram,go_on,,2026-03-08,,,,10'), { track: true });
    const { rows } = await sql<{ profile_id: number; due_at: Date }>`
      select profile_id, due_at from profiles join accounts using (profile_id) where organization_id = ${organizationId}`.execute(
      db,
    );
    expect(rows[0]?.due_at).toEqual(new Date('2026-03-10T00:00:00Z'));
    await collectAt('2026-03-10T01:00:00Z', rows[0]?.profile_id ?? 0, 5, 14);
    await expectTruth(organizationId, ['03-08 null 10 0', '03-10 0 14 4']);
  });

  it('can be resumed later, and what another organization read in between is not its own', async () => {
    const { organizationId } = await createOrganization(db);
    clock.set('2026-03-05T00:00:00Z');
    await importText(importing, organizationId, file('instagram,resumed,,2026-03-04,,,,10'));
    const other = await createOrganization(db);
    const { profileId } = await track(collecting, other.organizationId, 'resumed');
    await collectAt('2026-03-07T10:00:00Z', profileId, 5, 30);
    clock.set('2026-03-08T00:00:00Z');
    const { rows } = await sql<{
      account_id: string;
    }>`select account_id from accounts where organization_id = ${organizationId}`.execute(db);
    const ctx = systemContext(db, organizationId, clock);
    await updateAccount(ctx, { accountId: rows[0]?.account_id ?? '', changes: { is_active: true } });
    await collectAt('2026-03-09T10:00:00Z', profileId, 9, 35);
    await expectTruth(organizationId, ['03-04 null 10 0', '03-09 0 35 25']);
  });
});

describe('all or nothing', () => {
  const good = 'tiktok,half,,2026-03-02,,,,10';
  const nothing = async (organizationId: string) => {
    const { rows } = await sql`
      select (select count(*) from accounts where organization_id = ${organizationId}) as accounts, (select count(*) from import_rows) as staged`.execute(
      db,
    );
    expect(rows).toEqual([{ accounts: 0, staged: 0 }]);
  };

  it('imports nothing while a row is bad, and the others with skipBad', async () => {
    const { organizationId } = await createOrganization(db);
    const text = file(
      good,
      'tiktok,half,,2026-03-03,,,,x',
      'tiktok,half,,2026-03-02T00:00:00Z,,,,11',
      'tiktok,half,,2026-03-02,,,,10',
    );
    const refused = await importText(importing, organizationId, text);
    expect(refused).toMatchObject({ imported: false, rows: 4, badRows: 2, readingsWritten: 0 });
    expect(
      refused.problems.map(({ line, field, value, message }) => [line, field, value, message.slice(0, 17)]),
    ).toEqual([
      [3, 'follower_count', 'x', 'is no count; writ'],
      [4, 'follower_count', '11', 'contradicts line '],
    ]);
    await nothing(organizationId);
    const kept = await importText(importing, organizationId, text, { skipBad: true });
    expect(kept).toMatchObject({ imported: true, badRows: 2, readingsWritten: 1 });
    await expectTruth(organizationId, ['03-02 null 10 0']);
  });

  it('imports nothing when the accounts would not fit', async () => {
    const { organizationId } = await createOrganization(db);
    await updateOrganization(systemContext(db, organizationId, clock), { account_quota: 1 });
    await expect(
      importText(importing, organizationId, file(good, 'tiktok,other,,2026-03-02,,,,10')),
    ).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
    });
    const { rows } = await sql`select from accounts where organization_id = ${organizationId}`.execute(db);
    expect(rows).toEqual([]);
  });

  it('imports no real numbers where the sandbox was read', async () => {
    const { organizationId } = await createOrganization(db);
    await sql`update profile_readings set source = 'sandbox' where profile_id = (select profile_id from profile_handles where username = 'after')`.execute(
      db,
    );
    await importText(importing, organizationId, file('tiktok,real,,2026-03-02,,,,10'));
    const result = await importText(importing, organizationId, file('instagram,after,,2026-03-02,,,,10'));
    expect(result.problems).toEqual([
      {
        line: 2,
        field: 'username',
        value: 'after',
        message: 'was read from the sandbox here; import real numbers into a data directory (or database) of their own',
      },
    ]);
    await sql`update profile_readings set source = 'scripted' where source = 'sandbox'`.execute(db);
  });

  it('is finished by another run after it was killed, with the same result', async () => {
    const { organizationId } = await createOrganization(db);
    const rows = ['a', 'b', 'c', 'd'].flatMap((name) => [
      `tiktok,killed_${name},,2026-03-02,,,,10`,
      `tiktok,killed_${name},,2026-03-04,,,,12`,
    ]);
    const killed = {
      ...importing,
      onProfile: () => {
        throw new Error('killed');
      },
    };
    await expect(importText(killed, organizationId, file(...rows))).rejects.toThrow('killed');
    const { rows: staged } = await sql`select from import_rows`.execute(db);
    expect(staged.length).toBeGreaterThan(0);
    const again = await importText(importing, organizationId, file(...rows));
    expect(again).toMatchObject({ imported: true, profiles: 4 });
    await expectTruth(
      organizationId,
      ['a', 'b', 'c', 'd'].flatMap(() => ['03-02 null 10 0', '03-04 null 12 2']),
    );
  });

  it('runs alone', async () => {
    const { organizationId } = await createOrganization(db);
    let second: Promise<unknown> | undefined;
    const onProfile = (): void => {
      second ??= importText(importing, organizationId, file(good)).catch((error: unknown) => error);
    };
    await importText(
      { ...importing, onProfile },
      organizationId,
      file('tiktok,alone_a,,2026-03-02,,,,1', 'tiktok,alone_b,,2026-03-02,,,,1'),
    );
    expect(await second).toMatchObject({ code: 'CONFLICT' });
  });

  it('is for the operator alone: readings are shared by organizations', async () => {
    const { organizationId } = await createOrganization(db);
    const { importReadings } = await import('./import-readings.ts');
    const actor = { type: 'api_key', id: 'k', name: 'k', scopes: ['admin'] } as const;
    const ctx = { ...systemContext(db, organizationId, clock), actor };
    const input = {
      name: 'x',
      content: (async function* () {})(),
      format: 'csv',
      mapping: plainMapping,
      skipBad: false,
      track: false,
    } as const;
    await expect(importReadings(ctx, { pool, onProblem: () => undefined }, input)).rejects.toMatchObject({
      code: 'INSUFFICIENT_SCOPE',
    });
  });
});

describe('what a file says again', () => {
  it('corrects what it said before, and fills in what it left open', async () => {
    const { organizationId } = await createOrganization(db);
    clock.set('2026-03-20T00:00:00Z');
    const row = (views: string, likes: string, at = '2026-03-02'): string =>
      `tiktok,again,7203375632661695749,${at},,${views},${likes},`;
    await importText(importing, organizationId, file(row('100', ''), row('150', '', '2026-03-03')));
    expect(await importText(importing, organizationId, file(row('', '7'), row('140', '', '2026-03-03')))).toMatchObject(
      { readingsWritten: 2 },
    );
    await expectTruth(organizationId, ['03-02 0 null null', '03-03 40 null null']);
    const { rows } =
      await sql`select view_count, play_count, like_count from accounts where organization_id = ${organizationId}`.execute(
        db,
      );
    expect(rows).toEqual([{ view_count: 140, play_count: 140, like_count: 7 }]);
  });

  it('takes no displayed views into a series of legacy ones, and keeps them aside', async () => {
    const { organizationId } = await createOrganization(db);
    clock.set('2026-03-10T09:00:00Z');
    const { profileId } = await track(collecting, organizationId, 'legacy');
    clock.set('2026-03-10T10:00:00Z');
    source.script.profile = observedProfile();
    source.script.posts = [
      observedPost('3100000000000000002', { viewCount: 10, likeCount: 1 }, { viewKind: 'legacy' }),
    ];
    await refreshNow(collecting, profileId);
    clock.set('2026-03-12T00:00:00Z');
    for (let i = 0; i < 2; i += 1) {
      await importText(importing, organizationId, file('instagram,legacy,3100000000000000002,2026-03-11,,90,4,'));
    }
    await expectTruth(organizationId, ['03-10 0 100 0', '03-11 null null null']);
    const { rows } =
      await sql`select reason, source, excerpt from refused_readings where profile_id = ${profileId}`.execute(db);
    expect(rows).toEqual([
      {
        reason: 'view_number_of_the_other_kind',
        source: 'import',
        excerpt: { view_count: 90, view_kind: 'displayed', series_kind: 'legacy' },
      },
    ]);
  });

  it('refuses totals beside posts, which would count twice', async () => {
    const { organizationId } = await createOrganization(db);
    const mapping = { ...plainMapping, values: { external_id: '*' } };
    const total = 'platform,username,read_at,like_count\ntiktok,totals,2026-03-02,100\ntiktok,totals,2026-03-03,130\n';
    await importText(importing, organizationId, total, { mapping });
    const beside = await importText(
      importing,
      organizationId,
      file('tiktok,totals,7203375632661695749,2026-03-02,,,4,'),
    );
    expect(beside).toMatchObject({ imported: false, badRows: 1 });
    const again = await importText(importing, organizationId, total.replaceAll('totals', 'again'), { mapping });
    expect(again).toMatchObject({ imported: false, badRows: 2 });
    await expect(importText(importing, organizationId, total, { mapping, track: true })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    });
    const { rows } =
      await sql`select like_count, total_post_count from accounts where organization_id = ${organizationId}`.execute(
        db,
      );
    expect(rows).toEqual([{ like_count: 130, total_post_count: 1 }]);
  });
});
