import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { insertAccount, insertAccountVideo } from '../../../../test/support/books.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { ensurePartitions } from '../../../database/partitions.ts';
import { purgeDeleted } from '../../../services/purge-deleted.ts';
import { shortcodeFromPk } from '../../../sources/instagram-ids.ts';

const { db } = await testDatabase();
await ensurePartitions(db, '2026-03-01', '2026-12-31');
const clock = new TestClock('2026-03-02T09:00:00.700Z');
const app = await testApp(db, { clock });
const absentId = '00000000-0000-7000-8000-000000000000';

async function newOrganization() {
  const organization = await createOrganization(db);
  return { ...organization, api: apiOf(app, organization.apiKey) };
}

const { api, organizationId } = await newOrganization();
let made = 0;
const nextPost = () => String(7_000_000_000_000_000_000n + BigInt((made += 1)));

async function newVideo(body: object = {}) {
  return api.post('/videos', { platform: 'tiktok', identifier: nextPost(), ...body });
}

interface Schedule {
  due_at: Date | null;
  interval_hours: number | null;
  author_username: string | null;
  profile_id: number | null;
  post_id: number | null;
}

async function scheduleOf(videoId: string) {
  const { rows } = await sql<Schedule>`
    select t.* from videos v join tracked_posts t using (platform, external_id) where v.video_id = ${videoId}`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`nothing tracked for ${videoId}`);
  return row;
}

async function wasRefreshed(videoId: string, at: Date) {
  await sql`
    update videos set first_scrape_time = coalesce(first_scrape_time, ${at}::timestamptz), last_scrape_time = ${at},
      view_count = 100, play_count = 90, like_count = 10, comment_count = 3, share_count = 2, saved_count = 5,
      fb_play_count = 7, ig_play_count = 83, fb_like_count = 1, source = 'sandbox'
    where video_id = ${videoId}`.execute(db);
  await sql`
    update tracked_posts t set last_attempt_at = ${at}, due_at = ${at}::timestamptz + make_interval(hours => t.interval_hours)
    from videos v
    where v.video_id = ${videoId} and t.platform = v.platform and t.external_id = v.external_id`.execute(db);
}

const hoursAgo = (hours: number) => new Date(clock.now().getTime() - hours * 3_600_000);

async function pausesOf(videoId: string) {
  const { rows } = await sql<{ reason: string; is_open: boolean }>`
    select reason, ended_at is null as is_open from video_pauses where video_id = ${videoId}
    order by started_at`.execute(db);
  return rows.map(({ reason, is_open: isOpen }) => `${reason}${isOpen ? ' (open)' : ''}`);
}

/** A post in the feed of an account of this organization, as the collector would have found it. */
async function postInFeed(owner: { organizationId: string; projectId: string }, externalId: string) {
  const accountId = await insertAccount(db, owner);
  const read = new Date('2026-03-01T12:00:00Z');
  const accountVideoId = await insertAccountVideo(
    db,
    accountId,
    { create_time: read, media_type: 'image', view_count: 5 },
    {
      external_id: externalId,
      caption: 'A caption',
      duration_seconds: 15.5,
      create_time: read,
      media_type: 'image',
      cover_image_url: 'https://cdn.example/cover.jpg',
      video_url: 'https://cdn.example/video.mp4',
      view_count: 5,
      read_at: read,
      confirmed_at: read,
    },
  );
  await sql`
    update profiles p set platform_profile_id = '25025320' from accounts a
    where a.account_id = ${accountId} and p.profile_id = a.profile_id`.execute(db);
  return { accountId, accountVideoId };
}

describe('creating a video', () => {
  test('answers 201 at once: tracking began, nothing read yet, first fetch due', async () => {
    const identifier = 'https://www.tiktok.com/@Oak_Rye/video/7463250352177401114?lang=en';
    const answer = await newVideo({ identifier, metadata: { tier: 1, note: null }, scrape_interval_hours: 12 });
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`/v2/videos/${answer.id}`);
    expect(answer.data).toEqual({
      id: answer.id,
      type: 'video',
      platform: 'tiktok',
      external_id: '7463250352177401114',
      shortcode: null,
      is_active: true,
      scrape_interval_hours: 12,
      metadata: { tier: 1, note: null },
      added_at: '2026-03-02T09:00:00Z',
      updated_at: '2026-03-02T09:00:00Z',
      first_scrape_time: null,
      last_scrape_time: null,
      create_time: null,
      description: null,
      media_type: null,
      duration: null,
      is_unavailable: false,
      cover_image_url: null,
      cover_image_url_original: null,
      video_url: null,
      video_url_original: null,
      view_count: null,
      like_count: null,
      comment_count: null,
      share_count: null,
      play_count: null,
      saved_count: null,
      total_views: null,
      total_plays: null,
      account_id: null,
      account_username: 'oak_rye',
      platform_account_id: null,
      platform_data: {},
      source: null,
    });
    expect((await api.get(`/videos/${answer.id}`)).data).toEqual(answer.data);
    expect((await api.get('/videos')).items).toEqual([answer.data]);
    expect(await scheduleOf(answer.id)).toMatchObject({
      due_at: clock.now(),
      interval_hours: 12,
      author_username: 'oak_rye',
    });
    const jobs = await sql`select from graphile_worker.jobs where task_identifier = 'schedule'`.execute(db);
    expect(jobs.rows).toHaveLength(1);
  });

  test('URL, shortcode and id of one post are one video', async () => {
    const id = '3830961746681417182';
    const forms = [
      'https://www.instagram.com/North_A/reel/DUqT2lLDk3e/?igsh=1',
      'https://instagram.com/p/DUqT2lLDk3e',
      'https://www.instagram.com/reels/DUqT2lLDk3e/',
      'https://www.instagram.com/tv/DUqT2lLDk3e/',
      'DUqT2lLDk3e',
      id,
    ];
    const answers = [];
    for (const identifier of forms) answers.push(await api.post('/videos', { platform: 'instagram', identifier }));
    expect(answers.map((answer) => answer.status)).toEqual([201, 409, 409, 409, 409, 409]);
    expect(answers[0]?.data).toMatchObject({
      external_id: id,
      shortcode: 'DUqT2lLDk3e',
      account_username: 'north_a',
      platform_data: { fb_play_count: null, ig_play_count: null, fb_like_count: null },
    });
    expect(answers[1]?.body).toMatchObject({ code: 'CONFLICT', status: 409 });
    // The same number is another post on the other platform.
    expect((await api.post('/videos', { platform: 'tiktok', identifier: id })).status).toBe(201);
  });

  test('50 at once make one video and one schedule', async () => {
    const id = nextPost();
    const forms = [id, `https://www.tiktok.com/@someone/video/${id}`];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => newVideo({ identifier: forms[i % forms.length] })),
    );
    const statuses = answers.map((answer) => answer.status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, ...Array.from({ length: 49 }, () => 409)]);
    const tracked = await sql`select from tracked_posts where external_id = ${id}`.execute(db);
    expect(tracked.rows).toHaveLength(1);
  });

  test('organizations at once share one schedule, and none fails', async () => {
    const id = nextPost();
    const owners = await Promise.all(Array.from({ length: 8 }, newOrganization));
    const body = { platform: 'tiktok', identifier: id };
    const answers = await Promise.all(owners.map((owner) => owner.api.post('/videos', body)));
    expect(answers.map((answer) => answer.status)).toEqual(owners.map(() => 201));
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(8);
  });

  test('the shortest interval among the active ones counts', async () => {
    const id = nextPost();
    const mine = await newVideo({ identifier: id, scrape_interval_hours: 48 });
    const other = await newOrganization();
    const theirs = await other.api.post('/videos', { platform: 'tiktok', identifier: id, scrape_interval_hours: 6 });
    expect((await scheduleOf(mine.id)).interval_hours).toBe(6);
    await other.api.patch(`/videos/${theirs.id}`, { is_active: false });
    expect((await scheduleOf(mine.id)).interval_hours).toBe(48);
    await other.api.patch(`/videos/${theirs.id}`, { is_active: true });
    await other.api.delete(`/videos/${theirs.id}`);
    expect((await scheduleOf(mine.id)).interval_hours).toBe(48);
  });

  test('created paused, it is not fetched until it is resumed', async () => {
    const { id, data } = await newVideo({ is_active: false });
    expect(data.is_active).toBe(false);
    expect(await scheduleOf(id)).toMatchObject({ due_at: null, interval_hours: null });
    expect(await pausesOf(id)).toEqual(['paused (open)']);
    clock.advance(60);
    await api.patch(`/videos/${id}`, { is_active: true });
    expect(await scheduleOf(id)).toMatchObject({ due_at: clock.now(), interval_hours: 24 });
    expect(await pausesOf(id)).toEqual(['paused']);
  });

  test('the quota of accounts does not apply', async () => {
    const limited = await newOrganization();
    await sql`update organizations set account_quota = 0 where organization_id = ${limited.organizationId}`.execute(db);
    const answer = await limited.api.post('/videos', { platform: 'tiktok', identifier: nextPost() });
    expect(answer.status).toBe(201);
  });

  test('a repeat under one Idempotency-Key is the same answer; another body is refused', async () => {
    const headers = { 'idempotency-key': 'video-1' };
    const body = { platform: 'tiktok', identifier: nextPost() };
    const first = await api.post('/videos', body, headers);
    const again = await api.post('/videos', body, headers);
    expect(again).toMatchObject({ status: 201, id: first.id, body: first.body });
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true', location: `/v2/videos/${first.id}` });
    const other = await api.post('/videos', { ...body, identifier: nextPost() }, headers);
    expect(other).toMatchObject({ status: 422, errors: [{ field: 'Idempotency-Key' }] });
    await api.delete(`/videos/${first.id}`);
    expect((await api.post('/videos', body, headers)).id).toBe(first.id);
    const conflict = { 'idempotency-key': 'video-2' };
    await api.post('/videos', body);
    expect((await api.post('/videos', body, conflict)).status).toBe(409);
    expect((await api.post('/videos', body, conflict)).headers['idempotent-replayed']).toBe('true');
  });

  test('50 at once under one key make one video', async () => {
    const headers = { 'idempotency-key': 'video-crowd' };
    const body = { platform: 'tiktok', identifier: nextPost() };
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.post('/videos', body, headers)));
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ id }) => id)).size).toBe(1);
  });

  test('names every failing field', async () => {
    const answer = await api.post('/videos', {
      platform: 'youtube',
      identifier: '',
      is_active: 'yes',
      metadata: { tags: ['nested'] },
      scrape_interval_hours: 5,
    });
    expect(answer.status).toBe(422);
    expect(answer.errors).toContainEqual({ field: 'platform', message: 'must be one of: instagram, tiktok' });
    expect(answer.errors).toContainEqual({ field: 'identifier', message: 'must be between 1 and 512 characters long' });
    const fields = answer.errors.map((error) => error.field).sort();
    expect(fields).toEqual(['identifier', 'is_active', 'metadata.tags', 'platform', 'scrape_interval_hours']);
  });

  test.each([
    ['identifier', { platform: 'instagram' }],
    ['identifier', { platform: 'instagram', identifier: null }],
    ['identifier', { platform: 'instagram', identifier: 3830961746681417 }],
    ['identifier', { platform: 'instagram', identifier: '   ' }],
    ['identifier', { platform: 'instagram', identifier: '1'.repeat(513) }],
    ['identifier', { platform: 'instagram', identifier: '1'.repeat(500_000) }],
    ['identifier', { platform: 'instagram', identifier: 'abcd' }],
    ['identifier', { platform: 'instagram', identifier: 'x'.repeat(21) }],
    ['identifier', { platform: 'instagram', identifier: 'https://www.instagram.com/north_a/' }],
    ['identifier', { platform: 'instagram', identifier: 'https://www.tiktok.com/@a/video/7463250352177401114' }],
    ['identifier', { platform: 'tiktok', identifier: 'https://www.instagram.com/p/DUqT2lLDk3e/' }],
    ['identifier', { platform: 'tiktok', identifier: 'https://vm.tiktok.com/ZMabcdefg/' }],
    ['identifier', { platform: 'tiktok', identifier: 'https://example.com/@a/video/7463250352177401114' }],
    ['identifier', { platform: 'tiktok', identifier: '1'.repeat(14) }],
    ['identifier', { platform: 'tiktok', identifier: '1'.repeat(21) }],
    ['identifier', { platform: 'tiktok', identifier: '7463250352177401114\u0000' }],
    ['platform', { identifier: 'DUqT2lLDk3e' }],
    ['is_active', { platform: 'instagram', identifier: 'DUqT2lLDk3e', is_active: null }],
    ['scrape_interval_hours', { platform: 'instagram', identifier: 'DUqT2lLDk3e', scrape_interval_hours: 721 }],
    ['scrape_interval_hours', { platform: 'instagram', identifier: 'DUqT2lLDk3e', scrape_interval_hours: '24' }],
    ['metadata', { platform: 'instagram', identifier: 'DUqT2lLDk3e', metadata: [] }],
    ['metadata.a', { platform: 'instagram', identifier: 'DUqT2lLDk3e', metadata: { a: 'x'.repeat(256) } }],
    [
      'metadata',
      {
        platform: 'instagram',
        identifier: 'DUqT2lLDk3e',
        metadata: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, i])),
      },
    ],
  ])('refuses a bad %s', async (field, body) => {
    expect(await api.post('/videos', body)).toMatchObject({ status: 422, errors: [{ field }] });
  });

  test('unknown members are ignored, ids of any length kept', async () => {
    const identifier = '9'.repeat(512);
    const { status, data } = await api.post('/videos', { platform: 'instagram', identifier, extra: true });
    expect(status).toBe(201);
    expect(data).toMatchObject({ external_id: identifier, shortcode: shortcodeFromPk(identifier) });
  });
});

describe('a post that is known already', () => {
  test('shows its content and author at once; its numbers come with its own first reading', async () => {
    const owner = await newOrganization();
    const identifier = nextPost();
    const { accountId } = await postInFeed(owner, identifier);
    const account = (await owner.api.get(`/accounts/${accountId}`)).data;
    const { id, data } = await owner.api.post('/videos', { platform: 'instagram', identifier });
    expect(data).toMatchObject({
      description: 'A caption',
      media_type: 'image',
      duration: 15.5,
      create_time: '2026-03-01T12:00:00Z',
      cover_image_url: 'https://cdn.example/cover.jpg',
      cover_image_url_original: 'https://cdn.example/cover.jpg',
      video_url: 'https://cdn.example/video.mp4',
      video_url_original: 'https://cdn.example/video.mp4',
      account_id: accountId,
      account_username: account.username,
      platform_account_id: '25025320',
      view_count: null,
      last_scrape_time: null,
      source: null,
    });
    const schedule = await scheduleOf(id);
    expect(schedule.post_id).not.toBeNull();
    const { rows } = await sql<{ run_break_at: Date }>`
      select run_break_at from profiles where profile_id = ${schedule.profile_id}`.execute(db);
    expect(rows[0]?.run_break_at).toEqual(clock.now());
    await wasRefreshed(id, clock.now());
    await sql`update organization_versions set version = version + 1`.execute(db);
    expect((await owner.api.get(`/videos/${id}`)).data).toMatchObject({
      view_count: 100,
      play_count: 90,
      like_count: 10,
      comment_count: 3,
      share_count: 2,
      saved_count: 5,
      total_views: 107,
      total_plays: 97,
      platform_data: { fb_play_count: 7, ig_play_count: 83, fb_like_count: 1 },
      source: 'sandbox',
    });
  });

  test("is found by its author's handle or by another organization's video; another's account is never shown", async () => {
    const [first, second] = [await newOrganization(), await newOrganization()];
    const identifier = nextPost();
    const { accountId } = await postInFeed(first, identifier);
    const { username } = (await first.api.get(`/accounts/${accountId}`)).data;
    await sql`
      insert into profile_handles select platform, username, profile_id from accounts
      where account_id = ${accountId}`.execute(db);
    const url = `https://www.instagram.com/user_name/p/${shortcodeFromPk(identifier)}/`;
    const byHandle = await second.api.post('/videos', {
      platform: 'instagram',
      identifier: url.replace('user_name', String(username)),
    });
    expect(byHandle.data).toMatchObject({
      description: 'A caption',
      account_id: null,
      account_username: username,
      platform_account_id: '25025320',
    });
    const third = await newOrganization();
    const byId = await third.api.post('/videos', { platform: 'instagram', identifier });
    expect(byId.data).toMatchObject({ description: 'A caption', account_id: null, account_username: username });
  });

  test('an address with a wrong author finds nothing of theirs', async () => {
    const owner = await newOrganization();
    const { accountId } = await postInFeed(owner, nextPost());
    const { username } = (await owner.api.get(`/accounts/${accountId}`)).data;
    const identifier = `https://www.instagram.com/${String(username)}/p/${shortcodeFromPk(nextPost())}/`;
    const { data } = await owner.api.post('/videos', { platform: 'instagram', identifier });
    expect(data).toMatchObject({ account_id: null, account_username: username, description: null });
  });

  test("follows the author's account: the earliest added stands for the profile, a deleted one for nothing", async () => {
    const owner = await newOrganization();
    const identifier = nextPost();
    const { accountId } = await postInFeed(owner, identifier);
    const { rows } = await sql<{ profile_id: number }>`
      select profile_id from accounts where account_id = ${accountId}`.execute(db);
    const later = await insertAccount(db, owner, {
      profile_id: rows[0]?.profile_id ?? null,
      added_at: new Date('2026-03-01T01:00:00Z'),
    });
    const { id } = await owner.api.post('/videos', { platform: 'instagram', identifier });
    const shown = async () => (await owner.api.get(`/videos/${id}`)).data.account_id;
    const listed = async (account: string) => (await owner.api.get(`/videos?account_id=${account}`)).items.length;
    expect([await shown(), await listed(accountId), await listed(later)]).toEqual([accountId, 1, 0]);
    await owner.api.delete(`/accounts/${accountId}`);
    expect([await shown(), await listed(accountId), await listed(later)]).toEqual([later, 0, 1]);
    await owner.api.delete(`/accounts/${later}`);
    expect([await shown(), await listed(accountId), await listed(later)]).toEqual([null, 0, 0]);
    expect((await owner.api.get(`/videos/${id}`)).data.account_username).not.toBeNull();
  });
});

describe('changing a video', () => {
  test('changes what is named, clears what is null, leaves the rest', async () => {
    const { id } = await newVideo({ metadata: { a: 1 } });
    clock.advance(60);
    const changedAt = `${clock.now().toISOString().slice(0, 19)}Z`;
    const changed = await api.patch(`/videos/${id.toUpperCase()}`, { scrape_interval_hours: 720, is_active: null });
    expect(changed).toMatchObject({
      status: 200,
      data: { metadata: { a: 1 }, scrape_interval_hours: 720, is_active: true, updated_at: changedAt },
    });
    clock.advance(60);
    const same = await api.patch(`/videos/${id}`, { scrape_interval_hours: null, metadata: { a: 1 } });
    expect(same.data).toEqual(changed.data);
    const cleared = await api.patch(`/videos/${id}`, { metadata: null });
    expect(cleared.data).toMatchObject({ metadata: null, scrape_interval_hours: 720 });
    expect(cleared.data.updated_at).not.toBe(changedAt);
    expect((await api.patch(`/videos/${id}`, { metadata: { b: 2 } })).data.metadata).toEqual({ b: 2 });
    expect((await api.get(`/videos/${id}`)).data.metadata).toEqual({ b: 2 });
  });

  test.each([
    ['body', {}],
    ['identifier', { identifier: 'x' }],
    ['platform', { platform: 'tiktok', is_active: true }],
    ['category', { category: 'food' }],
    ['creator_id', { creator_id: null }],
    ['is_active', { is_active: 'yes' }],
    ['scrape_interval_hours', { scrape_interval_hours: 5 }],
    ['scrape_interval_hours', { scrape_interval_hours: 721 }],
    ['metadata.a', { metadata: { a: {} } }],
  ])('refuses a bad %s', async (field, body) => {
    const { id } = await newVideo();
    expect(await api.patch(`/videos/${id}`, body)).toMatchObject({ status: 422, errors: [{ field }] });
  });

  test('paused it is not fetched; resumed overdue it is due at once', async () => {
    const { id } = await newVideo();
    await wasRefreshed(id, hoursAgo(30));
    await api.patch(`/videos/${id}`, { is_active: false });
    expect(await scheduleOf(id)).toMatchObject({ due_at: null, interval_hours: null });
    expect(await pausesOf(id)).toEqual(['paused (open)']);
    clock.advance(60);
    await api.patch(`/videos/${id}`, { is_active: false });
    expect(await pausesOf(id)).toEqual(['paused (open)']);
    expect((await api.get(`/videos/${id}`)).data).toMatchObject({ is_active: false, view_count: 100 });
    await api.patch(`/videos/${id}`, { is_active: true });
    expect(await scheduleOf(id)).toMatchObject({ due_at: clock.now(), interval_hours: 24 });
    expect(await pausesOf(id)).toEqual(['paused']);
  });

  test('resumed in time, it is due when it would have been', async () => {
    const { id } = await newVideo();
    const lastAt = hoursAgo(10);
    await wasRefreshed(id, lastAt);
    await api.patch(`/videos/${id}`, { is_active: false });
    await api.patch(`/videos/${id}`, { is_active: true });
    expect((await scheduleOf(id)).due_at).toEqual(new Date(lastAt.getTime() + 24 * 3_600_000));
  });

  test('a shorter interval brings the next fetch forward', async () => {
    const { id } = await newVideo({ scrape_interval_hours: 48 });
    const lastAt = hoursAgo(10);
    await wasRefreshed(id, lastAt);
    await api.patch(`/videos/${id}`, { scrape_interval_hours: 12 });
    expect((await scheduleOf(id)).due_at).toEqual(new Date(lastAt.getTime() + 12 * 3_600_000));
    await api.patch(`/videos/${id}`, { scrape_interval_hours: 6 });
    expect((await scheduleOf(id)).due_at).toEqual(clock.now());
  });

  test('every change of who looks ends the runs of readings, after the last of them; a new interval does not', async () => {
    const owner = await newOrganization();
    const identifier = nextPost();
    await postInFeed(owner, identifier);
    const { id } = await owner.api.post('/videos', { platform: 'instagram', identifier });
    const { profile_id: profileId, post_id: postId } = await scheduleOf(id);
    const runBreak = async () => {
      const { rows } = await sql<{ run_break_at: Date }>`
        select run_break_at from profiles where profile_id = ${profileId}`.execute(db);
      return rows[0]?.run_break_at;
    };
    // The post alone was read, later than the request's own clock says it is.
    const readAt = new Date(clock.now().getTime() + 5000);
    await sql`update posts set confirmed_at = ${readAt} where post_id = ${postId}`.execute(db);
    await owner.api.patch(`/videos/${id}`, { scrape_interval_hours: 6 });
    expect(await runBreak()).toEqual(clock.now());
    await owner.api.patch(`/videos/${id}`, { is_active: false });
    expect(await runBreak()).toEqual(new Date(readAt.getTime() + 1));
    clock.advance(60);
    await owner.api.patch(`/videos/${id}`, { is_active: true });
    expect(await runBreak()).toEqual(clock.now());
    clock.advance(60);
    await owner.api.delete(`/videos/${id}`);
    expect(await runBreak()).toEqual(clock.now());
    clock.advance(60);
    await owner.api.post('/videos', { platform: 'instagram', identifier });
    expect(await runBreak()).toEqual(clock.now());
  });

  test('resumed after others have found the post, it is that post', async () => {
    const { id, data } = await newVideo({ platform: 'instagram', is_active: false });
    await postInFeed(await newOrganization(), String(data.external_id));
    await sql`
      update tracked_posts t set profile_id = p.profile_id, post_id = p.post_id from posts p
      where p.external_id = t.external_id and t.external_id = ${data.external_id}`.execute(db);
    const resumed = await api.patch(`/videos/${id}`, { is_active: true });
    expect(resumed.data).toMatchObject({ description: 'A caption', platform_account_id: '25025320' });
  });
});

describe('deleting a video', () => {
  test('hides it, and frees its post', async () => {
    const { id, data } = await newVideo();
    const second = await newVideo({ identifier: data.external_id });
    expect(second.status).toBe(409);
    expect((await api.delete(`/videos/${id.toUpperCase()}`)).status).toBe(204);
    for (const answer of [
      await api.get(`/videos/${id}`),
      await api.patch(`/videos/${id}`, { is_active: true }),
      await api.delete(`/videos/${id}`),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
    const left = await api.walk('/videos?limit=200');
    expect(left.map((item) => item.id)).not.toContain(id);
    expect(await scheduleOf(id)).toMatchObject({ due_at: null, interval_hours: null });
    expect(await pausesOf(id)).toEqual(['deleted (open)']);
  });

  test('within 30 days, adding it again revives the record with new settings and old history', async () => {
    const identifier = nextPost();
    const { id, data } = await newVideo({ identifier, metadata: { old: true } });
    await wasRefreshed(id, hoursAgo(1));
    const before = (await api.get(`/videos/${id}`)).data;
    await api.patch(`/videos/${id}`, { is_active: false });
    await sql`insert into video_days (organization_id, video_id, day, views) values (${organizationId}, ${id}, '2026-03-02', 5)`.execute(
      db,
    );
    await api.delete(`/videos/${id}`);
    expect(await pausesOf(id)).toEqual(['deleted (open)']);
    clock.advance(29 * 86_400);
    expect(await purgeDeleted(db, 'video', clock.now())).toBe(0);
    const revived = await newVideo({ identifier, scrape_interval_hours: 8 });
    expect(revived.status).toBe(201);
    expect(revived.headers.location).toBe(`/v2/videos/${id}`);
    expect(revived.data).toEqual({
      ...data,
      metadata: null,
      scrape_interval_hours: 8,
      first_scrape_time: before.first_scrape_time ?? expect.any(String),
      last_scrape_time: expect.any(String),
      updated_at: `${clock.now().toISOString().slice(0, 19)}Z`,
      view_count: 100,
      play_count: 90,
      like_count: 10,
      comment_count: 3,
      share_count: 2,
      total_views: 100,
      total_plays: 90,
      source: 'sandbox',
    });
    expect(await pausesOf(id)).toEqual(['deleted']);
    expect(await scheduleOf(id)).toMatchObject({ due_at: clock.now(), interval_hours: 8 });
    const days = await sql`select from video_days where video_id = ${id}`.execute(db);
    expect(days.rows).toHaveLength(1);
  });

  test('revived paused, it is not fetched', async () => {
    const { id, data } = await newVideo();
    await api.delete(`/videos/${id}`);
    clock.advance(60);
    const revived = await newVideo({ identifier: data.external_id, is_active: false });
    expect(revived.data).toMatchObject({ id, is_active: false });
    expect(await pausesOf(id)).toEqual(['deleted', 'paused (open)']);
    expect((await scheduleOf(id)).due_at).toBeNull();
  });

  test('after 30 days it is a new record, and the old one is purged with its history', async () => {
    const { id, data } = await newVideo();
    await sql`insert into video_days (organization_id, video_id, day, views) values (${organizationId}, ${id}, '2026-03-02', 5)`.execute(
      db,
    );
    await api.delete(`/videos/${id}`);
    clock.advance(31 * 86_400);
    const again = await newVideo({ identifier: data.external_id });
    expect(again.status).toBe(201);
    expect(again.id).not.toBe(id);
    expect(await purgeDeleted(db, 'video', clock.now())).toBeGreaterThan(0);
    const left = await sql`
      select video_id from videos where video_id = ${id}
      union all select video_id from video_days where video_id = ${id}
      union all select video_id from video_pauses where video_id = ${id}`.execute(db);
    expect(left.rows).toEqual([]);
    expect((await api.get(`/videos/${again.id}`)).status).toBe(200);
  });

  test('parallel re-adding revives once', async () => {
    const { id, data } = await newVideo();
    await api.delete(`/videos/${id}`);
    const body = { identifier: data.external_id };
    const answers = await Promise.all(Array.from({ length: 8 }, () => newVideo(body)));
    expect(answers.filter((answer) => answer.status === 201).map((answer) => answer.id)).toEqual([id]);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(7);
  });

  test('changes of everything at once neither fail nor leave the schedule behind', async () => {
    const owner = await newOrganization();
    const identifier = nextPost();
    const { accountId } = await postInFeed(owner, identifier);
    const others = await Promise.all([newOrganization(), newOrganization()]);
    const mine = await owner.api.post('/videos', { platform: 'instagram', identifier });
    const statuses: number[] = [];
    const note = async (answer: Promise<{ status: number }>) => statuses.push((await answer).status);
    await Promise.all(
      Array.from({ length: 6 }, async (_, round) => {
        for (const { api: theirs } of others) {
          const made = await theirs.post('/videos', { platform: 'instagram', identifier });
          statuses.push(made.status);
          if (made.status !== 201) continue;
          await note(theirs.patch(`/videos/${made.id}`, { is_active: round % 2 === 0 }));
          await note(theirs.delete(`/videos/${made.id}`));
        }
        await note(owner.api.patch(`/videos/${mine.id}`, { is_active: round % 2 === 0 }));
        await note(owner.api.patch(`/accounts/${accountId}`, { is_active: round % 2 === 0 }));
      }),
    );
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    await owner.api.patch(`/videos/${mine.id}`, { is_active: true });
    expect((await scheduleOf(mine.id)).interval_hours).toBe(24);
  });
});

test("another organization's video acts like an absent one", async () => {
  const { id } = await newVideo();
  const other = await newOrganization();
  for (const videoId of [id, absentId, 'not-a-uuid', `urn:uuid:${absentId}`]) {
    for (const answer of [
      await other.api.get(`/videos/${videoId}`),
      await other.api.patch(`/videos/${videoId}`, { is_active: false }),
      await other.api.delete(`/videos/${videoId}`),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
  }
  expect((await other.api.get('/videos?include_total=true')).pagination.total_count).toBe(0);
  expect((await api.get(`/videos/${id}`)).data.is_active).toBe(true);
});

test('an id of a post in a feed is no video, nor the other way round', async () => {
  const owner = await newOrganization();
  const { accountVideoId } = await postInFeed(owner, nextPost());
  const { id } = await newVideo();
  expect((await owner.api.get(`/videos/${accountVideoId}`)).status).toBe(404);
  expect((await api.get(`/account-videos/${id}`)).status).toBe(404);
});

test('a key that may only read changes nothing', async () => {
  const reader = await newOrganization();
  const { id } = await reader.api.post('/videos', { platform: 'tiktok', identifier: nextPost() });
  await sql`update api_keys set scopes = '{read}' where organization_id = ${reader.organizationId}`.execute(db);
  const fresh = { ...reader, api: apiOf(await testApp(db, { clock }), reader.apiKey) };
  for (const answer of [
    await fresh.api.post('/videos', { platform: 'tiktok', identifier: nextPost() }),
    await fresh.api.patch(`/videos/${id}`, { is_active: false }),
    await fresh.api.delete(`/videos/${id}`),
  ]) {
    expect(answer).toMatchObject({ status: 403, body: { code: 'INSUFFICIENT_SCOPE' } });
  }
  expect((await fresh.api.get(`/videos/${id}`)).status).toBe(200);
});

test('every change is audited and seen at once, whatever was cached', async () => {
  const { id } = await newVideo();
  const before = await api.get(`/videos/${id}`);
  expect((await api.get(`/videos/${id}`, { 'if-none-match': String(before.headers.etag) })).status).toBe(304);
  await api.patch(`/videos/${id}`, { metadata: { seen: true } });
  const after = await api.get(`/videos/${id}`);
  expect(after.data.metadata).toEqual({ seen: true });
  expect(after.headers.etag).not.toBe(before.headers.etag);
  await api.delete(`/videos/${id}`);
  const { rows } = await sql<{ action: string }>`
    select action from audit_events where subject_id = ${id} order by audit_event_id`.execute(db);
  expect(rows.map((row) => row.action)).toEqual(['video.create', 'video.update', 'video.delete']);
});
