import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { pausesOf, postInFeed, scheduleOf } from '../../../../test/support/tracked-post.ts';
import { shortcodeFromPk } from '../../../sources/instagram-ids.ts';

const { db } = await testDatabase();
const clock = new TestClock('2026-03-02T09:00:00.700Z');
const app = await testApp(db, { clock });
const absentId = '00000000-0000-7000-8000-000000000000';

async function newOrganization() {
  const organization = await createOrganization(db);
  return { ...organization, api: apiOf(app, organization.apiKey) };
}

const { api } = await newOrganization();
let made = 0;
const nextPost = () => String(7_000_000_000_000_000_000n + BigInt((made += 1)));

async function newVideo(body: object = {}) {
  return api.post('/videos', { platform: 'tiktok', identifier: nextPost(), ...body });
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
    expect(await scheduleOf(db, answer.id)).toMatchObject({
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
    expect((await scheduleOf(db, mine.id)).interval_hours).toBe(6);
    await other.api.patch(`/videos/${theirs.id}`, { is_active: false });
    expect((await scheduleOf(db, mine.id)).interval_hours).toBe(48);
    await other.api.patch(`/videos/${theirs.id}`, { is_active: true });
    await other.api.delete(`/videos/${theirs.id}`);
    expect((await scheduleOf(db, mine.id)).interval_hours).toBe(48);
  });

  test('created paused, it is not fetched until it is resumed', async () => {
    const { id, data } = await newVideo({ is_active: false });
    expect(data.is_active).toBe(false);
    expect(await scheduleOf(db, id)).toMatchObject({ due_at: null, interval_hours: null });
    expect(await pausesOf(db, id)).toEqual(['paused (open)']);
    clock.advance(60);
    await api.patch(`/videos/${id}`, { is_active: true });
    expect(await scheduleOf(db, id)).toMatchObject({ due_at: clock.now(), interval_hours: 24 });
    expect(await pausesOf(db, id)).toEqual(['paused']);
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
  const { accountVideoId } = await postInFeed(db, owner, nextPost());
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
