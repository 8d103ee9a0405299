import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  refreshNow,
  refreshPostNow,
  systemContext,
  testClock,
  track,
  trackVideo,
} from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { deleteVideo } from '../services/videos/delete-video.ts';
import { updateVideo } from '../services/videos/update-video.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';

const { db } = await testDatabase();
let lastId = 3_000_000_000_000_000_000n;

/** A world with one author and one post of theirs. */
function world(start = '2026-03-02T09:00:00Z') {
  const source = scriptedSource();
  lastId += 1n;
  const [id, author] = [String(lastId), `author_${lastId}`];
  source.script.profile = observedProfile({ username: author, platformProfileId: String(lastId) });
  const shows = (viewCount: number | null, rest: Parameters<typeof observedPost>[2] = {}) => {
    const createTime = new Date('2026-02-20T00:00:00Z');
    source.script.posts = [observedPost(id, { viewCount, likeCount: viewCount }, { createTime, ...rest })];
  };
  shows(100);
  return { db, clock: testClock(start), sources: [source], script: source.script, id, author, shows };
}

const videoRow = (videoId: string) =>
  db.selectFrom('videos').selectAll().where('video_id', '=', videoId).executeTakeFirstOrThrow();
const trackedRow = (externalId: string) =>
  db.selectFrom('tracked_posts').selectAll().where('external_id', '=', externalId).executeTakeFirstOrThrow();
/** What the feeds that hold the post show as is_unavailable. */
const isRemoved = async (externalId: string) =>
  (await db.selectFrom('posts').select('is_removed').where('external_id', '=', externalId).executeTakeFirstOrThrow())
    .is_removed;
const videoDays = async (videoId: string) => {
  const rows = await db
    .selectFrom('video_days')
    .select(['day', 'views'])
    .where('video_id', '=', videoId)
    .orderBy('day')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.day, row.views]));
};
const accountDays = async (accountId: string) => {
  const rows = await db
    .selectFrom('account_days')
    .select(['day', 'views', 'followers'])
    .where('account_id', '=', accountId)
    .orderBy('day')
    .execute();
  return rows.map((row) => [row.day, row.views, row.followers]);
};
const problems = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);

describe('a post tracked on its own', () => {
  it('is read though nobody tracks its author, and counts from its first reading', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const videoId = await trackVideo(w, organizationId, w.id);
    for (const [time, views] of [
      ['2026-03-02T09:00:01Z', 1000],
      ['2026-03-03T09:00:00Z', 1100],
      ['2026-03-05T09:00:00Z', 1090],
    ] as const) {
      w.clock.set(time);
      w.shows(views);
      expect((await refreshPostNow(w, w.id)).status).toBe('recorded');
    }
    expect(await videoDays(videoId)).toEqual({ '2026-03-02': 0, '2026-03-03': 100, '2026-03-05': -10 });
    expect(await videoRow(videoId)).toMatchObject({
      view_count: 1090,
      play_count: null,
      source: 'scripted',
      counts_from_zero: false,
      create_time: new Date('2026-02-20T00:00:00Z'),
      first_scrape_time: new Date('2026-03-02T09:00:01Z'),
      last_scrape_time: new Date('2026-03-05T09:00:00Z'),
      updated_at: new Date('2026-03-05T09:00:00Z'),
      media_type: 'video',
    });
    const author = await db
      .selectFrom('profiles')
      .selectAll()
      .where('username', '=', w.author)
      .executeTakeFirstOrThrow();
    expect(author).toMatchObject({ due_at: null, interval_hours: null, read_at: null });
    expect(w.script.asked).toBe(0);
    expect(await problems()).toEqual([]);
  });

  it('counts from 0 when it was published after tracking began', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const videoId = await trackVideo(w, organizationId, w.id);
    w.clock.add(24);
    w.shows(70, { createTime: new Date('2026-03-03T08:00:00Z') });
    await refreshPostNow(w, w.id);
    expect(await videoDays(videoId)).toEqual({ '2026-03-03': 70 });
    expect(await problems()).toEqual([]);
  });

  it('counts anew from 0 once its posting time is known, when it was published after tracking began', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const videoId = await trackVideo(w, organizationId, w.id);
    w.clock.add(24);
    w.shows(70, { createTime: null });
    await refreshPostNow(w, w.id);
    expect(await videoDays(videoId)).toEqual({ '2026-03-03': 0 });
    w.clock.add(24);
    w.shows(90, { createTime: new Date('2026-03-03T08:00:00Z') });
    await refreshPostNow(w, w.id);
    expect(await videoDays(videoId)).toEqual({ '2026-03-03': 70, '2026-03-04': 20 });
    expect(await problems()).toEqual([]);
  });

  it('keeps a view number of the other kind out of its series, with the reason', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const videoId = await trackVideo(w, organizationId, w.id);
    await refreshPostNow(w, w.id);
    w.clock.add(24);
    w.shows(3, { viewKind: 'legacy' });
    await refreshPostNow(w, w.id);
    expect(await videoRow(videoId)).toMatchObject({ view_count: 100, like_count: 3 });
    const refused = await db.selectFrom('refused_readings').select('reason').where('external_id', '=', w.id).execute();
    expect(refused).toEqual([{ reason: 'view_number_of_the_other_kind' }]);
    expect(await problems()).toEqual([]);
  });

  it('is not written anywhere while nobody says whose it is', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const videoId = await trackVideo(w, organizationId, w.id);
    w.script.single = { post: observedPost(w.id, { viewCount: 5 }), author: null };
    const result = await refreshPostNow(w, w.id);
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'upstream_changed' } });
    expect(await videoRow(videoId)).toMatchObject({ post_id: null, view_count: null, is_unavailable: false });
    delete w.script.single;
    expect(await refreshPostNow(w, w.id)).toMatchObject({ status: 'recorded' });
    // From then on it is known whose it is.
    w.clock.add(24);
    w.script.single = { post: observedPost(w.id, { viewCount: 105 }), author: null };
    expect(await refreshPostNow(w, w.id)).toMatchObject({ status: 'recorded' });
    expect(await videoDays(videoId)).toEqual({ '2026-03-02': 0, '2026-03-03': 5 });
  });
});

describe('a post that is also in a tracked feed', () => {
  it('is one post with one set of readings, booked for the video and for the account', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { accountId, profileId } = await track(w, organizationId, w.author);
    const at = async (time: string, views: number, look: () => Promise<{ status: string }>) => {
      w.clock.set(time);
      w.shows(views);
      expect((await look()).status).toBe('recorded');
    };
    const feed = () => refreshNow(w, profileId);
    const alone = () => refreshPostNow(w, w.id);
    await at('2026-03-02T10:00:00Z', 100, feed);
    w.clock.set('2026-03-02T11:00:00Z');
    const videoId = await trackVideo(w, organizationId, w.id);
    await at('2026-03-02T12:00:00Z', 110, alone);
    await at('2026-03-02T13:00:00Z', 130, feed);
    await at('2026-03-03T12:00:00Z', 150, alone);
    await at('2026-03-04T12:00:00Z', 190, feed);

    expect(await videoDays(videoId)).toEqual({ '2026-03-02': 20, '2026-03-03': 20, '2026-03-04': 40 });
    // The author's followers were not read on the day of the post's own refresh.
    expect(await accountDays(accountId)).toEqual([
      ['2026-03-02', 30, 100],
      ['2026-03-03', 20, null],
      ['2026-03-04', 40, 100],
    ]);
    const account = await db
      .selectFrom('accounts')
      .selectAll()
      .where('account_id', '=', accountId)
      .executeTakeFirstOrThrow();
    expect(account).toMatchObject({ view_count: 190, total_post_count: 1 });
    const { rows: posts } = await sql`select from posts where external_id = ${w.id}`.execute(db);
    expect(posts).toHaveLength(1);
    expect(await videoRow(videoId)).toMatchObject({
      profile_id: profileId,
      last_scrape_time: new Date('2026-03-04T12:00:00Z'),
    });
    expect(await problems()).toEqual([]);
  });

  it('has no likes when its author hides them, though the answer about the post gives a number', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { profileId } = await track(w, organizationId, w.author);
    const videoId = await trackVideo(w, organizationId, w.id);
    const likes = async () => (await videoRow(videoId)).like_count;
    w.script.profile = observedProfile({ username: w.author, platformProfileId: w.id, hidesCounts: true });
    await refreshNow(w, profileId);
    w.clock.add(1);
    await refreshPostNow(w, w.id);
    expect(await likes()).toBeNull();
    w.script.profile = observedProfile({ username: w.author, platformProfileId: w.id, hidesCounts: false });
    await refreshNow(w, profileId);
    w.clock.add(1);
    await refreshPostNow(w, w.id);
    expect(await likes()).toBe(100);
    expect(await problems()).toEqual([]);
  });

  it('is found by the feed before it was ever fetched, and available again as soon as the feed shows it', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const { profileId } = await track(w, organizationId, w.author);
    const videoId = await trackVideo(w, organizationId, w.id);
    w.script.single = { code: 'removed_post', message: 'gone' };
    await refreshPostNow(w, w.id);
    expect(await videoRow(videoId)).toMatchObject({ is_unavailable: true, last_scrape_time: null, post_id: null });
    w.clock.add(1);
    await refreshNow(w, profileId);
    expect(await videoRow(videoId)).toMatchObject({ is_unavailable: false, view_count: 100, profile_id: profileId });
    expect(await trackedRow(w.id)).toMatchObject({ is_unavailable: false, not_found_count: 0, profile_id: profileId });
    expect(await problems()).toEqual([]);
  });

  it('of two profiles keeps to the one that came first', async () => {
    const w = world();
    const [first, second] = [await createOrganization(db), await createOrganization(db)];
    const videoId = await trackVideo(w, first.organizationId, w.id);
    await refreshPostNow(w, w.id);
    const { profile_id: profileId } = await videoRow(videoId);
    w.script.profile = observedProfile({ username: `${w.author}_2`, platformProfileId: `${w.id}2` });
    const other = await track(w, second.organizationId, `${w.author}_2`);
    w.clock.add(24);
    w.shows(170);
    await refreshNow(w, other.profileId);
    expect(await videoRow(videoId)).toMatchObject({ profile_id: profileId, view_count: 100 });
    await refreshPostNow(w, w.id);
    expect(await videoDays(videoId)).toEqual({ '2026-03-02': 0, '2026-03-03': 70 });
    expect(await problems()).toEqual([]);
  });
});

describe('two organizations on one post', () => {
  it('cause one reading, and each counts from its own start and outside its own pauses', async () => {
    const w = world();
    const [early, late] = [await createOrganization(db), await createOrganization(db)];
    const one = await trackVideo(w, early.organizationId, w.id);
    const at = async (time: string, views: number) => {
      w.clock.set(time);
      w.shows(views);
      await refreshPostNow(w, w.id);
    };
    await at('2026-03-03T10:00:00Z', 100);
    w.clock.set('2026-03-03T11:00:00Z');
    const two = await trackVideo(w, late.organizationId, w.id);
    await at('2026-03-03T12:00:00Z', 150);
    w.clock.set('2026-03-03T13:00:00Z');
    const ctx = systemContext(db, early.organizationId, w.clock);
    await updateVideo(ctx, { videoId: one, changes: { is_active: false } });
    await at('2026-03-04T10:00:00Z', 170);
    await at('2026-03-05T10:00:00Z', 170);
    w.clock.set('2026-03-06T09:00:00Z');
    await updateVideo(ctx, { videoId: one, changes: { is_active: true } });
    await at('2026-03-06T10:00:00Z', 180);
    expect(await videoDays(one)).toEqual({ '2026-03-03': 50, '2026-03-06': 30 });
    expect(await videoDays(two)).toEqual({ '2026-03-03': 0, '2026-03-04': 20, '2026-03-05': 0, '2026-03-06': 10 });
    expect(await problems()).toEqual([]);
  });

  it('is looked at no more when the last of them has paused or deleted it', async () => {
    const w = world();
    const [first, second] = [await createOrganization(db), await createOrganization(db)];
    const [one, two] = [
      await trackVideo(w, first.organizationId, w.id),
      await trackVideo(w, second.organizationId, w.id),
    ];
    await refreshPostNow(w, w.id);
    expect((await trackedRow(w.id)).due_at).not.toBeNull();
    await updateVideo(systemContext(db, first.organizationId, w.clock), {
      videoId: one,
      changes: { is_active: false },
    });
    expect((await trackedRow(w.id)).due_at).not.toBeNull();
    await deleteVideo(systemContext(db, second.organizationId, w.clock), { videoId: two });
    expect(await trackedRow(w.id)).toMatchObject({ due_at: null, interval_hours: null });
    expect(await problems()).toEqual([]);
  });
});

describe('a post that cannot be read', () => {
  it('is unavailable at once when its first refresh finds nothing, later after three sightings over 24 hours', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const videoId = await trackVideo(w, organizationId, w.id);
    const gone = { code: 'removed_post', message: 'gone' } as const;
    w.script.single = gone;
    await refreshPostNow(w, w.id);
    expect(await videoRow(videoId)).toMatchObject({ is_unavailable: true, last_scrape_time: null, view_count: null });
    delete w.script.single;
    w.clock.add(12);
    await refreshPostNow(w, w.id);
    const read = await videoRow(videoId);
    expect(read).toMatchObject({ is_unavailable: false, view_count: 100 });
    w.script.single = gone;
    for (const [hours, isUnavailable] of [
      [12, false],
      [12, false],
      [11, false],
      [2, true],
    ] as const) {
      w.clock.add(hours);
      await refreshPostNow(w, w.id);
      expect((await videoRow(videoId)).is_unavailable).toBe(isUnavailable);
    }
    expect(await videoRow(videoId)).toEqual({ ...read, is_unavailable: true, updated_at: w.clock.now() });
    expect(await problems()).toEqual([]);
  });

  it('is unavailable for everybody who holds it once its own refreshes prove it gone, until it is read again', async () => {
    const w = world();
    const [feed, alone] = [await createOrganization(db), await createOrganization(db)];
    const { profileId } = await track(w, feed.organizationId, w.author);
    await trackVideo(w, alone.organizationId, w.id);
    await refreshNow(w, profileId);
    const version = async () => {
      const { rows } = await sql<{ version: number }>`
        select sum(version)::int as version from organization_versions
        where organization_id = ${feed.organizationId}`.execute(db);
      return rows[0]?.version ?? 0;
    };
    w.script.single = { code: 'removed_post', message: 'gone' };
    const before = await version();
    for (const [hours, isGone] of [
      [12, false],
      [12, false],
      [13, true],
    ] as const) {
      w.clock.add(hours);
      await refreshPostNow(w, w.id);
      expect(await isRemoved(w.id)).toBe(isGone);
    }
    expect(await version()).toBe(before + 1);
    await refreshNow(w, profileId);
    expect(await isRemoved(w.id)).toBe(false);
    expect(await problems()).toEqual([]);
  });

  it("is there while its author's feed shows it, whatever nobody who refreshes it may see any more", async () => {
    const w = world();
    const [feed, alone] = [await createOrganization(db), await createOrganization(db)];
    const { profileId } = await track(w, feed.organizationId, w.author);
    const videoId = await trackVideo(w, alone.organizationId, w.id);
    const ctx = systemContext(db, alone.organizationId, w.clock);
    await refreshNow(w, profileId);
    w.script.single = { code: 'removed_post', message: 'gone' };
    for (let i = 0; i < 3; i += 1) {
      w.clock.add(13);
      await refreshPostNow(w, w.id);
    }
    await updateVideo(ctx, { videoId, changes: { is_active: false } });
    w.clock.add(1);
    await refreshNow(w, profileId);
    w.clock.add(1);
    await updateVideo(ctx, { videoId, changes: { is_active: true } });
    await refreshPostNow(w, w.id);
    expect(await isRemoved(w.id)).toBe(false);
  });

  it('is unavailable at once when private, and recovers with the next success', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    const videoId = await trackVideo(w, organizationId, w.id);
    await refreshPostNow(w, w.id);
    w.clock.add(24);
    w.script.single = { code: 'private', message: 'private' };
    await refreshPostNow(w, w.id);
    expect((await videoRow(videoId)).is_unavailable).toBe(true);
    w.clock.add(24);
    delete w.script.single;
    await refreshPostNow(w, w.id);
    expect((await videoRow(videoId)).is_unavailable).toBe(false);
  });

  it('by any source waits for the operator, is asked for rarely, and is not unavailable', async () => {
    const { fetchPost: _, ...graph } = scriptedSource('graph');
    const w = { ...world(), sources: [graph] };
    const { organizationId } = await createOrganization(db);
    const videoId = await trackVideo(w, organizationId, w.id);
    const result = await refreshPostNow(w, w.id);
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'permission_missing' } });
    const { due_at: dueAt, last_outcome: outcome } = await trackedRow(w.id);
    expect(outcome).toBe('permission_missing');
    expect((dueAt?.getTime() ?? 0) - w.clock.now().getTime()).toBeGreaterThanOrEqual(12 * 3_600_000);
    expect((await videoRow(videoId)).is_unavailable).toBe(false);
  });

  it('for a while is tried again soon, with growing delay', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    await trackVideo(w, organizationId, w.id);
    w.script.single = { code: 'transient', message: 'timeout' };
    const delays: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      await refreshPostNow(w, w.id);
      delays.push(((await trackedRow(w.id)).due_at?.getTime() ?? 0) - w.clock.now().getTime());
    }
    expect(delays[0]).toBeLessThan(5 * 60_000);
    expect([...delays].sort((a, b) => a - b)).toEqual(delays);
  });
});

describe('books of videos', () => {
  it.each([
    ['a day that says too much', 'update video_days set views = views + 1'],
    ['a day that is missing', 'delete from video_days'],
    ['a last known counter', 'update videos set like_count = like_count + 5'],
    ['a post that counts from 0 though it is older', 'update videos set counts_from_zero = not counts_from_zero'],
    ['a time of refresh', 'update videos set last_scrape_time = first_scrape_time - interval $$1 day$$'],
    [
      'day gains of nobody',
      'insert into video_days select organization_id, gen_random_uuid(), day from video_days limit 1',
    ],
  ])('the doctor finds %s, and rebuild mends it', async (_, corruption) => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    await trackVideo(w, organizationId, w.id);
    await refreshPostNow(w, w.id);
    w.clock.add(24);
    w.shows(150);
    await refreshPostNow(w, w.id);
    expect(await problems()).toEqual([]);
    await sql.raw(corruption).execute(db);
    expect(await problems()).not.toEqual([]);
    await rebuildRollups({ db, logger: silentLogger });
    expect(await problems()).toEqual([]);
  });

  it('the doctor finds a post that nobody would ever look at again', async () => {
    const w = world();
    const { organizationId } = await createOrganization(db);
    await trackVideo(w, organizationId, w.id);
    await sql`update tracked_posts set due_at = null where external_id = ${w.id}`.execute(db);
    expect((await problems()).join()).toContain(w.id);
  });
});
