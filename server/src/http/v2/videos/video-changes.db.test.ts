import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { pausesOf, postInFeed, scheduleOf, wasRefreshed } from '../../../../test/support/tracked-post.ts';
import { ensurePartitions } from '../../../database/partitions.ts';
import { purgeDeleted } from '../../../services/purge-deleted.ts';

const { db } = await testDatabase();
await ensurePartitions(db, '2026-03-01', '2026-12-31');
const clock = new TestClock('2026-03-02T09:00:00.700Z');
const app = await testApp(db, { clock });

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

const hoursAgo = (hours: number) => new Date(clock.now().getTime() - hours * 3_600_000);

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
    await wasRefreshed(db, id, hoursAgo(30));
    await api.patch(`/videos/${id}`, { is_active: false });
    expect(await scheduleOf(db, id)).toMatchObject({ due_at: null, interval_hours: null });
    expect(await pausesOf(db, id)).toEqual(['paused (open)']);
    clock.advance(60);
    await api.patch(`/videos/${id}`, { is_active: false });
    expect(await pausesOf(db, id)).toEqual(['paused (open)']);
    expect((await api.get(`/videos/${id}`)).data).toMatchObject({ is_active: false, view_count: 100 });
    await api.patch(`/videos/${id}`, { is_active: true });
    expect(await scheduleOf(db, id)).toMatchObject({ due_at: clock.now(), interval_hours: 24 });
    expect(await pausesOf(db, id)).toEqual(['paused']);
  });

  test('resumed in time, it is due when it would have been', async () => {
    const { id } = await newVideo();
    const lastAt = hoursAgo(10);
    await wasRefreshed(db, id, lastAt);
    await api.patch(`/videos/${id}`, { is_active: false });
    await api.patch(`/videos/${id}`, { is_active: true });
    expect((await scheduleOf(db, id)).due_at).toEqual(new Date(lastAt.getTime() + 24 * 3_600_000));
  });

  test('a shorter interval brings the next fetch forward', async () => {
    const { id } = await newVideo({ scrape_interval_hours: 48 });
    const lastAt = hoursAgo(10);
    await wasRefreshed(db, id, lastAt);
    await api.patch(`/videos/${id}`, { scrape_interval_hours: 12 });
    expect((await scheduleOf(db, id)).due_at).toEqual(new Date(lastAt.getTime() + 12 * 3_600_000));
    await api.patch(`/videos/${id}`, { scrape_interval_hours: 6 });
    expect((await scheduleOf(db, id)).due_at).toEqual(clock.now());
  });

  test('every change of who looks ends the runs of readings, after the last of them; a new interval does not', async () => {
    const owner = await newOrganization();
    const identifier = nextPost();
    await postInFeed(db, owner, identifier);
    const { id } = await owner.api.post('/videos', { platform: 'instagram', identifier });
    const { profile_id: profileId, post_id: postId } = await scheduleOf(db, id);
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
    await postInFeed(db, await newOrganization(), String(data.external_id));
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
    expect(await scheduleOf(db, id)).toMatchObject({ due_at: null, interval_hours: null });
    expect(await pausesOf(db, id)).toEqual(['deleted (open)']);
  });

  test('within 30 days, adding it again revives the record with new settings and old history', async () => {
    const identifier = nextPost();
    const { id, data } = await newVideo({ identifier, metadata: { old: true } });
    await wasRefreshed(db, id, hoursAgo(1));
    const before = (await api.get(`/videos/${id}`)).data;
    expect(before.first_scrape_time).not.toBeNull();
    await api.patch(`/videos/${id}`, { is_active: false });
    await sql`insert into video_days (organization_id, video_id, day, views) values (${organizationId}, ${id}, '2026-03-02', 5)`.execute(
      db,
    );
    await api.delete(`/videos/${id}`);
    expect(await pausesOf(db, id)).toEqual(['deleted (open)']);
    clock.advance(29 * 86_400);
    expect(await purgeDeleted(db, 'video', clock.now())).toBe(0);
    const revived = await newVideo({ identifier, scrape_interval_hours: 8 });
    expect(revived.status).toBe(201);
    expect(revived.headers.location).toBe(`/v2/videos/${id}`);
    expect(revived.data).toEqual({
      ...data,
      metadata: null,
      scrape_interval_hours: 8,
      first_scrape_time: before.first_scrape_time,
      last_scrape_time: before.last_scrape_time,
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
    expect(await pausesOf(db, id)).toEqual(['deleted']);
    expect(await scheduleOf(db, id)).toMatchObject({ due_at: clock.now(), interval_hours: 8 });
    const days = await sql`select from video_days where video_id = ${id}`.execute(db);
    expect(days.rows).toHaveLength(1);
  });

  test('revived paused, it is not fetched', async () => {
    const { id, data } = await newVideo();
    await api.delete(`/videos/${id}`);
    clock.advance(60);
    const revived = await newVideo({ identifier: data.external_id, is_active: false });
    expect(revived.data).toMatchObject({ id, is_active: false });
    expect(await pausesOf(db, id)).toEqual(['deleted', 'paused (open)']);
    expect((await scheduleOf(db, id)).due_at).toBeNull();
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
    const { accountId } = await postInFeed(db, owner, identifier);
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
    expect((await scheduleOf(db, mine.id)).interval_hours).toBe(24);
  });
});
