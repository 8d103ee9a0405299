import { sql } from 'kysely';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { claimProfile, refreshNow, systemContext, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { newId } from '../database/ids.ts';
import { ensurePartitions } from '../database/partitions.ts';
import { createAccount } from '../services/accounts/create-account.ts';
import { deleteAccount } from '../services/accounts/delete-account.ts';
import { updateAccount } from '../services/accounts/update-account.ts';
import { getAccountTimeseries } from '../services/analytics/get-account-timeseries.ts';
import { getCreatorTimeseries } from '../services/analytics/get-creator-timeseries.ts';
import type { Context } from '../services/context.ts';
import { createCreator } from '../services/creators/create-creator.ts';
import { linkAccount } from '../services/creators/link-account.ts';
import { search } from '../services/search/search.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';
import { refresh } from './refresh.ts';

const { db } = await testDatabase();

function world(start = '2026-03-02T09:00:00Z') {
  const source = scriptedSource();
  return { db, clock: testClock(start), sources: [source], script: source.script };
}

const viewsPerDay = (organizationId: string, accountId: string) =>
  db
    .selectFrom('account_days')
    .select(['day', 'views', 'likes', 'followers'])
    .where('organization_id', '=', organizationId)
    .where('account_id', '=', accountId)
    .orderBy('day')
    .execute();

const accountRow = (organizationId: string, accountId: string) =>
  db
    .selectFrom('accounts')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();

const problems = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);

describe('the worked example of the contract, from source to day gains', () => {
  it('books 40, 60, nothing, 290, 150', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'example');
    const a = (views: number) =>
      observedPost('1', { viewCount: views }, { createTime: new Date('2026-02-20T00:00:00Z') });
    const b = (views: number) =>
      observedPost('2', { viewCount: views }, { createTime: new Date('2026-03-04T08:00:00Z') });
    for (const [time, posts] of [
      ['2026-03-02T09:01:00Z', [a(1000)]],
      ['2026-03-02T20:00:00Z', [a(1040)]],
      ['2026-03-03T12:00:00Z', [a(1100)]],
      ['2026-03-05T12:00:00Z', [a(1090), b(300)]],
      ['2026-03-06T12:00:00Z', [b(450)]],
    ] as const) {
      w.clock.set(time);
      w.script.posts = [...posts];
      expect((await refreshNow(w, profileId)).status).toBe('recorded');
    }
    expect((await viewsPerDay(organizationId, accountId)).map((row) => [row.day, row.views])).toEqual([
      ['2026-03-02', 40],
      ['2026-03-03', 60],
      ['2026-03-05', 290],
      ['2026-03-06', 150],
    ]);
    // A post that is no longer read keeps its last reading.
    expect(await accountRow(organizationId, accountId)).toMatchObject({ view_count: 1540, total_post_count: 2 });
    expect(await problems()).toEqual([]);
  });
});

describe('readings', () => {
  it('are appended when a counter changed, and confirmed when not; a skipped day or a new tracker begins a new row', async () => {
    const w = world();
    const [first, second] = [await createOrganization(db), await createOrganization(db)];
    const { profileId } = await track(w, first.organizationId, 'runs');
    w.script.posts = [observedPost('10', { viewCount: 5 })];
    const rows = async () =>
      (
        await db
          .selectFrom('post_readings')
          .select(['read_at'])
          .where('profile_id', '=', profileId)
          .orderBy('read_at')
          .execute()
      ).map((row) => row.read_at.toISOString().slice(0, 10));
    for (const time of ['2026-03-02T10:00:00Z', '2026-03-02T20:00:00Z', '2026-03-03T10:00:00Z']) {
      w.clock.set(time);
      await refreshNow(w, profileId);
    }
    expect(await rows()).toEqual(['2026-03-02']);
    w.clock.set('2026-03-05T10:00:00Z');
    await refreshNow(w, profileId);
    expect(await rows()).toEqual(['2026-03-02', '2026-03-05']);
    w.clock.set('2026-03-05T11:00:00Z');
    await track(w, second.organizationId, 'runs');
    w.clock.set('2026-03-05T11:00:01Z');
    await refreshNow(w, profileId);
    expect(await rows()).toEqual(['2026-03-02', '2026-03-05', '2026-03-05']);
    expect(await problems()).toEqual([]);
  });

  it('0 followers after a positive count are a failure of the source: nothing that came with them is shown, all is tried again soon', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'zeroed');
    w.script.posts = [observedPost('24', { viewCount: 50, likeCount: 5 })];
    await refreshNow(w, profileId);
    const books = async () => [
      await accountRow(organizationId, accountId),
      await viewsPerDay(organizationId, accountId),
      await db.selectFrom('posts').selectAll().where('profile_id', '=', profileId).execute(),
      await db.selectFrom('profile_readings').selectAll().where('profile_id', '=', profileId).execute(),
    ];
    const before = await books();
    w.clock.add(24);
    w.script.profile = observedProfile({ name: 'Nobody', followerCount: 0, followingCount: 0, postCount: 0 });
    w.script.posts = [observedPost('24', { viewCount: 0, likeCount: 0 })];
    const refused = await refreshNow(w, profileId);
    expect(refused).toMatchObject({ status: 'failed', failure: { code: 'transient' } });
    const soon = new Date(w.clock.now().getTime() + 5 * 60_000);
    expect(refused.status === 'failed' && refused.dueAt !== null && refused.dueAt < soon).toBe(true);
    expect(await books()).toEqual(before);
    const kept = db.selectFrom('refused_readings').select(['reason', 'source', 'excerpt']);
    expect(await kept.where('profile_id', '=', profileId).execute()).toEqual([
      {
        reason: 'zero_followers_after_positive',
        source: 'scripted',
        excerpt: { follower_count: 0, last_known: 100 },
      },
    ]);
    expect(await problems()).toEqual([]);
  });

  it('0 followers after a positive count lead to the next source, which may know better', async () => {
    const [first, second] = [scriptedSource('first'), scriptedSource('second')];
    const w = { ...world(), sources: [first, second] };
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'zeroed_once');
    await refreshNow(w, profileId);
    w.clock.add(24);
    first.script.profile = observedProfile({ followerCount: 0 });
    second.script.profile = observedProfile({ followerCount: 101 });
    expect(await refreshNow(w, profileId)).toMatchObject({ status: 'recorded' });
    expect(await accountRow(organizationId, accountId)).toMatchObject({ follower_count: 101 });
  });

  it('a day whose only follower reading was refused has no level in any series; another refusal leaves the level of its day', async () => {
    const w = world('2026-03-02T09:00:00Z');
    const { organizationId } = await createOrganization(db);
    const ctx = systemContext(db, organizationId, w.clock);
    const { accountId, profileId } = await track(w, organizationId, 'refused_day');
    const creator = await createCreator(ctx, { name: 'One of them' });
    await linkAccount(ctx, { creatorId: creator.creator_id, accountId });
    for (const [time, followerCount] of [
      ['2026-03-02T10:00:00Z', 100],
      ['2026-03-03T10:00:00Z', 0],
      ['2026-03-04T10:00:00Z', 120],
      ['2026-03-04T20:00:00Z', 0],
    ] as const) {
      w.clock.set(time);
      w.script.profile = observedProfile({ followerCount });
      await refreshNow(w, profileId);
    }
    const request = { period: '7d' } as const;
    const own = await getAccountTimeseries(ctx, { accountId, request });
    const group = await getCreatorTimeseries(ctx, { creatorId: creator.creator_id, request });
    for (const { points } of [own, group]) {
      expect(points.map(({ date, followers }) => [date, followers])).toEqual([
        ['2026-03-02', 100],
        ['2026-03-03', null],
        ['2026-03-04', 120],
      ]);
    }
    const refused = db.selectFrom('refused_readings').select(['reason', 'refused_at', 'excerpt']);
    expect(await refused.where('profile_id', '=', profileId).orderBy('refused_at').execute()).toMatchObject([
      { reason: 'zero_followers_after_positive', excerpt: { follower_count: 0, last_known: 100 } },
      { reason: 'zero_followers_after_positive', excerpt: { follower_count: 0, last_known: 120 } },
    ]);
    expect(await problems()).toEqual([]);
  });

  it('followers and likes that move by more than half are counted, and somebody is warned', async () => {
    const lines: string[] = [];
    const w = { ...world(), logger: pino({ level: 'warn', base: null }, { write: (line) => lines.push(line) }) };
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'collapsed');
    for (const [followerCount, likeCount] of [
      [2000, 90],
      [2100, 80],
      [900, 3],
    ] as const) {
      w.script.profile = observedProfile({ followerCount });
      w.script.posts = [observedPost('25', { viewCount: 1, likeCount })];
      await refreshNow(w, profileId);
      w.clock.add(24);
    }
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, profileId, metric: 'followers', before: 2100, now: 900 },
      { level: 40, profileId, metric: 'likes', before: 80, now: 3 },
    ]);
    expect(await accountRow(organizationId, accountId)).toMatchObject({ follower_count: 900, like_count: 3 });
    expect(await problems()).toEqual([]);
  });

  it("plays that may include Facebook's never enter a series of Instagram's own, and are kept aside", async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'crossposted');
    for (const [viewCount, igPlayCount, likeCount] of [
      [70, 70, 7],
      [105, null, 9],
      [80, 80, 9],
    ] as const) {
      w.script.posts = [observedPost('26', { viewCount, playCount: viewCount, igPlayCount, likeCount })];
      await refreshNow(w, profileId);
      w.clock.add(24);
    }
    expect((await viewsPerDay(organizationId, accountId)).map(({ views, likes }) => [views, likes])).toEqual([
      [0, 0],
      [null, 2],
      [10, 0],
    ]);
    const refused = await db
      .selectFrom('refused_readings')
      .select(['external_id', 'reason'])
      .where('profile_id', '=', profileId)
      .execute();
    expect(refused).toEqual([{ external_id: '26', reason: 'play_count_may_include_facebook' }]);
    expect(await problems()).toEqual([]);
  });

  it('a view number of the other kind never enters a series', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'kinds');
    w.script.posts = [observedPost('20', { viewCount: 4651, likeCount: 7 })];
    await refreshNow(w, profileId);
    w.clock.add(24);
    w.script.posts = [observedPost('20', { viewCount: 1639, likeCount: 9 }, { viewKind: 'legacy' })];
    await refreshNow(w, profileId);
    expect(await accountRow(organizationId, accountId)).toMatchObject({ view_count: 4651, like_count: 9 });
    expect((await viewsPerDay(organizationId, accountId)).at(-1)).toMatchObject({ views: null, likes: 2 });
    expect(await problems()).toEqual([]);
  });

  it('hidden likes are unknown, and come back without a jump', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'hidden');
    for (const likes of [50, null, 60]) {
      w.script.posts = [observedPost('30', { viewCount: 1, likeCount: likes })];
      await refreshNow(w, profileId);
      w.clock.add(24);
    }
    expect((await viewsPerDay(organizationId, accountId)).map((row) => row.likes)).toEqual([0, null, 10]);
    expect(await problems()).toEqual([]);
  });

  it('likes that a profile hides stay unknown while answers do not say whether it still does', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'hides_likes');
    const shown: unknown[] = [];
    const hidesCounts = [true, undefined, undefined, false, undefined];
    for (const [day, said] of hidesCounts.entries()) {
      w.clock.set(`2026-03-0${day + 2}T10:00:00Z`);
      w.script.profile = observedProfile(said === undefined ? {} : { hidesCounts: said });
      // 3 is what Instagram gives in place of hidden likes.
      w.script.posts = [observedPost('h1', { viewCount: 100 + day, likeCount: day < 3 ? 3 : 500 + day })];
      await refreshNow(w, profileId);
      const post = db.selectFrom('posts').select('like_count').where('profile_id', '=', profileId);
      shown.push((await post.executeTakeFirstOrThrow()).like_count);
    }
    expect(shown).toEqual([null, null, null, 503, 504]);
    expect((await viewsPerDay(organizationId, accountId)).map((row) => row.likes)).toEqual([null, null, null, 0, 1]);
    expect(await problems()).toEqual([]);
  });

  it('a feed that broke off half-way counts what was read, but is no success', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'halfway');
    w.script.posts = [observedPost('40', { viewCount: 1 }), observedPost('41', { viewCount: 2 })];
    w.script.pageSize = 1;
    w.script.failingPage = { page: 1, failure: { code: 'transient', message: 'broken pipe' } };
    const result = await refreshNow(w, profileId);
    expect(result).toMatchObject({ status: 'recorded', posts: 1 });
    expect(await accountRow(organizationId, accountId)).toMatchObject({ last_scrape_time: null, total_post_count: 1 });
    const profile = await db
      .selectFrom('profiles')
      .selectAll()
      .where('profile_id', '=', profileId)
      .executeTakeFirstOrThrow();
    expect(profile).toMatchObject({ failure_count: 1, last_outcome: 'transient' });
    expect((profile.due_at?.getTime() ?? 0) - w.clock.now().getTime()).toBeLessThan(10 * 60_000);
  });
});

describe('two organizations on one profile', () => {
  it('cause one reading, and each counts from its own start and outside its own pauses', async () => {
    const w = world();
    const [early, late] = [await createOrganization(db), await createOrganization(db)];
    const one = await track(w, early.organizationId, 'shared');
    const views = (count: number) => [
      observedPost('50', { viewCount: count }, { createTime: new Date('2026-03-03T00:00:00Z') }),
    ];
    const at = async (time: string, count: number) => {
      w.clock.set(time);
      w.script.posts = views(count);
      await refreshNow(w, one.profileId);
    };
    await at('2026-03-03T10:00:00Z', 100);
    w.clock.set('2026-03-04T09:00:00Z');
    const two = await track(w, late.organizationId, 'shared');
    expect(two.profileId).toBe(one.profileId);
    await at('2026-03-04T10:00:00Z', 150);
    await updateAccount(systemContext(db, early.organizationId, w.clock), {
      accountId: one.accountId,
      changes: { is_active: false },
    });
    await at('2026-03-05T10:00:00Z', 170);
    await at('2026-03-06T10:00:00Z', 170);
    w.clock.set('2026-03-07T09:00:00Z');
    await updateAccount(systemContext(db, early.organizationId, w.clock), {
      accountId: one.accountId,
      changes: { is_active: true },
    });
    await at('2026-03-07T10:00:00Z', 180);

    const days = async (organizationId: string, accountId: string) =>
      Object.fromEntries((await viewsPerDay(organizationId, accountId)).map((row) => [row.day, row.views]));
    expect(await days(early.organizationId, one.accountId)).toEqual({
      '2026-03-03': 100,
      '2026-03-04': 50,
      '2026-03-07': 30,
    });
    expect(await days(late.organizationId, two.accountId)).toEqual({
      '2026-03-04': 0,
      '2026-03-05': 20,
      '2026-03-06': 0,
      '2026-03-07': 10,
    });
    expect(w.script.asked).toBe(5);
    expect(await problems()).toEqual([]);
  });

  it('a pause that was asked for before a reading but written after it leaves the reading where it was booked', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'race');
    w.script.posts = [observedPost('60', { viewCount: 1 })];
    const early = w.clock.now();
    w.clock.add(1);
    await refreshNow(w, profileId);
    const ctx = systemContext(db, organizationId, { now: () => early });
    await updateAccount(ctx, { accountId, changes: { is_active: false } });
    expect(await problems()).toEqual([]);
  });
});

describe('a claim', () => {
  it('that was taken over writes nothing: a refresh that ran twice counts once', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, 'fenced');
    w.script.posts = [observedPost('70', { viewCount: 5 }, { createTime: new Date('2026-03-05T00:00:00Z') })];
    await ensurePartitions(db, '2026-03-01', '2026-03-31');
    const stale = await claimProfile(w, profileId);
    const valid = await claimProfile(w, profileId);
    const deps = { ...w, logger: silentLogger, collectorId: newId(), maxPagesPerRefresh: 5 };
    const results = await Promise.all([refresh(deps, stale), refresh(deps, valid), refresh(deps, valid)]);
    expect(results.map((result) => result.status).sort()).toEqual(['lost_claim', 'lost_claim', 'recorded']);
    expect((await viewsPerDay(organizationId, accountId)).map((row) => row.views)).toEqual([5]);
  });
});

describe('rebuild', () => {
  it('makes the same books, bit for bit, after random histories with pauses, revivals, corrections and gaps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            hours: fc.integer({ min: 1, max: 60 }),
            act: fc.constantFrom('refresh', 'refresh', 'refresh', 'refresh', 'pause', 'resume', 'delete'),
            who: fc.integer({ min: 0, max: 1 }),
            views: fc.array(fc.option(fc.integer({ min: 0, max: 50 }), { freq: 5 }), { minLength: 0, maxLength: 3 }),
            followers: fc.constantFrom(0, 10, 11),
          }),
          { minLength: 5, maxLength: 25 },
        ),
        async (steps) => {
          const w = world();
          const name = `random_${newId().slice(-12).replaceAll('-', '')}`;
          const organizations = [await createOrganization(db), await createOrganization(db)] as const;
          const accounts = [
            await track(w, organizations[0].organizationId, name),
            await track(w, organizations[1].organizationId, name),
          ] as const;
          const { profileId } = accounts[0];
          for (const step of steps) {
            w.clock.add(step.hours);
            const owner = organizations[step.who] ?? organizations[0];
            const account = accounts[step.who] ?? accounts[0];
            const ctx = systemContext(db, owner.organizationId, w.clock);
            const { accountId } = account;
            const row = await accountRow(owner.organizationId, accountId);
            if (step.act === 'delete' && row.deleted_at === null) await deleteAccount(ctx, { accountId });
            else if (row.deleted_at !== null) await createAccount(ctx, { platform: 'instagram', username: name });
            else if (step.act !== 'refresh') {
              await updateAccount(ctx, { accountId, changes: { is_active: step.act === 'resume' } });
            }
            w.script.profile = observedProfile({ followerCount: step.followers });
            w.script.posts = step.views.map((views, i) =>
              observedPost(`${name}-${i}`, views === null ? {} : { viewCount: views, likeCount: views }, {
                createTime: new Date(Date.UTC(2026, 1, 25 + i * 8)),
              }),
            );
            await refreshNow(w, profileId);
          }
          const books = async () => ({
            days: await db.selectFrom('account_days').selectAll().orderBy('account_id').orderBy('day').execute(),
            accounts: await db.selectFrom('accounts').selectAll().orderBy('account_id').execute(),
            holdings: await db.selectFrom('account_videos').selectAll().orderBy('account_video_id').execute(),
          });
          const before = await books();
          await rebuildRollups({ db, logger: silentLogger });
          expect(await books()).toEqual(before);
        },
      ),
      { numRuns: 20 },
    );
    expect(await problems()).toEqual([]);
  }, 120_000);
});

describe('what search finds', () => {
  const foundBy = async (organizationId: string, clock: Context['clock'], q: string) =>
    (await search(systemContext(db, organizationId, clock), { q, limit: 25 })).videos.map((video) => video.caption);

  it('is the caption as it reads now, for everybody who holds the post, paused ones too', async () => {
    const w = world();
    const [one, other] = [await createOrganization(db), await createOrganization(db)];
    const { profileId } = await track(w, one.organizationId, 'edited');
    const { accountId } = await track(w, other.organizationId, 'edited');
    w.script.posts = [observedPost('1', { viewCount: 1 }, { caption: 'A typpo' })];
    await refreshNow(w, profileId);
    expect(await foundBy(one.organizationId, w.clock, 'TYPPO')).toEqual(['A typpo']);
    await updateAccount(systemContext(db, other.organizationId, w.clock), { accountId, changes: { is_active: false } });
    w.clock.add(24);
    w.script.posts = [observedPost('1', { viewCount: 2 }, { caption: 'No typo' })];
    await refreshNow(w, profileId);
    for (const { organizationId } of [one, other]) {
      expect(await foundBy(organizationId, w.clock, 'typpo')).toEqual([]);
      expect(await foundBy(organizationId, w.clock, 'no typo')).toEqual(['No typo']);
    }
    w.clock.add(24);
    // A source that does not say erases nothing; the time of the post becomes known.
    const createTime = new Date('2026-03-01T00:00:00Z');
    w.script.posts = [observedPost('1', { viewCount: 3 }, { caption: null, createTime })];
    await refreshNow(w, profileId);
    expect(await foundBy(one.organizationId, w.clock, 'no typo')).toEqual(['No typo']);
    expect(await problems()).toEqual([]);
  });

  it('follows what the source says of a post whose counters stand still', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { profileId } = await track(w, organizationId, 'quiet');
    const told = {
      caption: 'Old words',
      coverImageUrl: 'https://example.org/1.jpg',
      videoUrl: 'https://example.org/1.mp4',
    };
    w.script.posts = [observedPost('1', { viewCount: 1 }, told)];
    await refreshNow(w, profileId);
    w.clock.add(24);
    const now = {
      caption: 'New words',
      coverImageUrl: 'https://example.org/2.jpg',
      videoUrl: 'https://example.org/2.mp4',
    };
    // Another one moves: both kinds are written at once.
    w.script.posts = [
      observedPost('1', { viewCount: 1 }, now),
      observedPost('2', { viewCount: 5 }, { caption: 'Other' }),
    ];
    await refreshNow(w, profileId);
    w.clock.add(24);
    w.script.posts = [
      observedPost('1', { viewCount: 1 }, { caption: null, coverImageUrl: null, videoUrl: null }),
      observedPost('2', { viewCount: 6 }, { caption: 'Others' }),
    ];
    await refreshNow(w, profileId);
    const { rows } = await sql`
      select p.caption, p.cover_image_url, p.video_url, (select count(*)::int from post_readings r where r.post_id = p.post_id) as rows
      from posts p where profile_id = ${profileId} and external_id = '1'`.execute(db);
    expect(rows).toEqual([
      { caption: now.caption, cover_image_url: now.coverImageUrl, video_url: now.videoUrl, rows: 1 },
    ]);
    expect(await foundBy(organizationId, w.clock, 'old words')).toEqual([]);
    expect(await foundBy(organizationId, w.clock, 'new words')).toEqual(['New words']);
    expect(await foundBy(organizationId, w.clock, 'others')).toEqual(['Others']);
    expect(await problems()).toEqual([]);
  });

  it('is made anew by rebuild, and its loss is noticed by doctor', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { profileId } = await track(w, organizationId, 'lost');
    w.script.posts = [observedPost('1', { viewCount: 1 }, { caption: 'Größe' })];
    await refreshNow(w, profileId);
    const creator = { organization_id: organizationId, creator_id: newId(), name: 'Größe', name_folded: 'größe' };
    await db
      .insertInto('creators')
      .values({ ...creator, created_at: w.clock.now() })
      .execute();
    await db.deleteFrom('captions').where('organization_id', '=', organizationId).execute();
    expect(await problems()).toEqual([expect.stringContaining('missing')]);
    await rebuildRollups({ db, logger: silentLogger });
    expect(await problems()).toEqual([]);
    const found = await search(systemContext(db, organizationId, w.clock), { q: 'GRÖSSE', limit: 1 });
    expect([found.creators.length, found.videos.length]).toEqual([1, 1]);
  });
});
