import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { ensurePartitions } from '../../../database/partitions.ts';
import { purgeDeleted } from '../../../services/purge-deleted.ts';

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

async function newAccount(body: object = {}) {
  made += 1;
  return api.post('/accounts', { platform: 'tiktok', username: `account_${made}`, ...body });
}

async function newCreator(name = 'Rivals') {
  return (await api.post('/creators', { name })).id;
}

async function profileOf(accountId: string) {
  const { rows } = await sql<{
    profile_id: number;
    due_at: Date | null;
    interval_hours: number | null;
    run_break_at: Date;
  }>`
    select p.* from accounts a join profiles p using (profile_id) where a.account_id = ${accountId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error(`no profile of ${accountId}`);
  return row;
}

async function wasRefreshed(accountId: string, at: Date) {
  await sql`update accounts set last_scrape_time = ${at} where account_id = ${accountId}`.execute(db);
  const { profile_id: profileId } = await profileOf(accountId);
  await sql`
    update profiles set confirmed_at = ${at}, last_attempt_at = ${at}, due_at = ${at}::timestamptz + make_interval(hours => interval_hours)
    where profile_id = ${profileId}`.execute(db);
}

const hoursAgo = (hours: number) => new Date(clock.now().getTime() - hours * 3_600_000);

async function pausesOf(accountId: string) {
  const { rows } = await sql<{ reason: string; is_open: boolean }>`
    select reason, ended_at is null as is_open from account_pauses where account_id = ${accountId}
    order by started_at`.execute(db);
  return rows.map(({ reason, is_open: isOpen }) => `${reason}${isOpen ? ' (open)' : ''}`);
}

describe('§5.1 creating an account', () => {
  test('answers 201 at once: tracking began, nothing read yet, refresh due', async () => {
    const answer = await api.post('/accounts', {
      platform: 'tiktok',
      username: 'oak_rye',
      category: 'food',
      metadata: { tier: 1, note: null },
      scrape_interval_hours: 12,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`/v2/accounts/${answer.id}`);
    expect(answer.data).toEqual({
      id: answer.id,
      type: 'account',
      platform: 'tiktok',
      username: 'oak_rye',
      name: null,
      description: null,
      link_in_bio: null,
      profile_pic_url: null,
      profile_pic_url_original: null,
      is_verified: false,
      is_active: true,
      is_unavailable: false,
      creator_id: null,
      creator_name: null,
      category: 'food',
      metadata: { tier: 1, note: null },
      added_at: '2026-03-02T09:00:00Z',
      first_scrape_time: null,
      last_scrape_time: null,
      scrape_interval_hours: 12,
      follower_count: 0,
      following_count: 0,
      profile_post_count: 0,
      total_post_count: 0,
      view_count: 0,
      like_count: 0,
      comment_count: 0,
      share_count: 0,
      play_count: 0,
      saved_count: null,
      fb_play_count: null,
      ig_play_count: null,
      fb_like_count: null,
      max_recent_posts_per_account: null,
      post_lookback_days: null,
      effective_max_recent_posts_per_account: null,
      effective_post_lookback_days: null,
      source: null,
    });
    expect((await api.get(`/accounts/${answer.id}`)).data).toEqual(answer.data);
    expect(await profileOf(answer.id)).toMatchObject({
      due_at: clock.now(),
      interval_hours: 12,
      run_break_at: clock.now(),
    });
    const jobs = await sql`select from graphile_worker.jobs where task_identifier = 'schedule'`.execute(db);
    expect(jobs.rows).toHaveLength(1);
  });

  test('takes a handle as people write it, and knows it again', async () => {
    const first = await api.post('/accounts', { platform: 'instagram', username: ' @North_A ' });
    expect(first.data.username).toBe('north_a');
    const again = { platform: 'instagram', username: 'https://www.instagram.com/North_A/?x=1' };
    expect(await api.post('/accounts', again)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect((await api.post('/accounts', { platform: 'tiktok', username: 'north_a' })).status).toBe(201);
  });

  test('links to a creator at once; an unknown one is 404', async () => {
    const creatorId = await newCreator();
    const account = await newAccount({ creator_id: creatorId.toUpperCase() });
    expect(account.data).toMatchObject({ creator_id: creatorId, creator_name: 'Rivals' });
    expect((await newAccount({ creator_id: absentId })).status).toBe(404);
    const other = await newOrganization();
    const foreign = (await other.api.post('/creators', { name: 'Theirs' })).id;
    expect((await newAccount({ creator_id: foreign })).status).toBe(404);
  });

  test('50 at once make one account and one profile', async () => {
    const body = { platform: 'instagram', username: 'crowded' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.post('/accounts', body)));
    const statuses = answers.map((answer) => answer.status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, ...Array.from({ length: 49 }, () => 409)]);
    const profiles = await sql`select from profiles where username = 'crowded'`.execute(db);
    expect(profiles.rows).toHaveLength(1);
  });

  test('organizations that track one handle share its profile, and the shortest interval counts', async () => {
    const mine = await newAccount({ username: 'shared', scrape_interval_hours: 48 });
    const other = await newOrganization();
    const theirs = await other.api.post('/accounts', {
      platform: 'tiktok',
      username: 'shared',
      scrape_interval_hours: 6,
    });
    const [a, b] = [await profileOf(mine.id), await profileOf(theirs.id)];
    expect(a.profile_id).toBe(b.profile_id);
    expect(a.interval_hours).toBe(6);
    await other.api.delete(`/accounts/${theirs.id}`);
    expect((await profileOf(mine.id)).interval_hours).toBe(48);
  });

  test('stops at the quota; paused accounts count, deleted ones do not', async () => {
    const limited = await newOrganization();
    await sql`update organizations set account_quota = 1 where organization_id = ${limited.organizationId}`.execute(db);
    const first = await limited.api.post('/accounts', { platform: 'tiktok', username: 'first' });
    await limited.api.patch(`/accounts/${first.id}`, { is_active: false });
    const second = { platform: 'tiktok', username: 'second' };
    expect(await limited.api.post('/accounts', second)).toMatchObject({
      status: 403,
      body: { code: 'QUOTA_EXCEEDED', type: 'urn:creatoraudit:error:quota-exceeded' },
    });
    const duplicate = { platform: 'tiktok', username: 'first' };
    expect((await limited.api.post('/accounts', duplicate)).status).toBe(409);
    await limited.api.delete(`/accounts/${first.id}`);
    const racing = ['a1', 'a2', 'a3', 'a4'].map((username) =>
      limited.api.post('/accounts', { platform: 'tiktok', username }),
    );
    const statuses = (await Promise.all(racing)).map((answer) => answer.status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, 403, 403, 403]);
  });

  test('50 at once for the last places never exceed the quota, and what is tracked is a conflict', async () => {
    const limited = await newOrganization();
    await sql`update organizations set account_quota = 3 where organization_id = ${limited.organizationId}`.execute(db);
    const statusesOf = async (usernames: readonly string[]) => {
      const sent = usernames.map((username) => limited.api.post('/accounts', { platform: 'tiktok', username }));
      const statuses = (await Promise.all(sent)).map(({ status }) => status);
      return Object.fromEntries([201, 403, 409].map((status) => [status, statuses.filter((s) => s === status).length]));
    };
    expect(await statusesOf(Array.from({ length: 50 }, (_, i) => `at_once_${i % 25}`))).toMatchObject({ 201: 3 });
    expect((await limited.api.get('/accounts?include_total=true')).pagination.total_count).toBe(3);
    await sql`update organizations set account_quota = 4 where organization_id = ${limited.organizationId}`.execute(db);
    expect(await statusesOf(Array.from({ length: 50 }, () => 'the_last'))).toEqual({ 201: 1, 403: 0, 409: 49 });
  });

  test('names every failing field', async () => {
    const answer = await api.post('/accounts', {
      platform: 'youtube',
      username: '',
      creator_id: 'x',
      category: 'c'.repeat(129),
      metadata: { tags: ['nested'], long: 'x'.repeat(256) },
      scrape_interval_hours: 5,
    });
    expect(answer.status).toBe(422);
    expect(answer.errors).toContainEqual({ field: 'platform', message: 'must be one of: instagram, tiktok' });
    expect(answer.errors).toContainEqual({ field: 'creator_id', message: 'must be a UUID' });
    expect(answer.errors).toContainEqual({ field: 'scrape_interval_hours', message: 'must be between 6 and 720' });
    const fields = answer.errors.map((error) => error.field).sort();
    expect(fields).toEqual([
      'category',
      'creator_id',
      'metadata.long',
      'metadata.tags',
      'platform',
      'scrape_interval_hours',
      'username',
    ]);
  });

  test.each([
    ['username', { platform: 'instagram', username: 'x'.repeat(31) }],
    ['username', { platform: 'tiktok', username: 'a' }],
    ['username', { platform: 'tiktok', username: 'abc.' }],
    ['username', { platform: 'instagram', username: 'has space' }],
    ['username', { platform: 'instagram', username: 5 }],
    ['username', { platform: 'instagram' }],
    ['platform', { username: 'someone' }],
    ['scrape_interval_hours', { platform: 'tiktok', username: 'someone', scrape_interval_hours: 721 }],
    ['scrape_interval_hours', { platform: 'tiktok', username: 'someone', scrape_interval_hours: '24' }],
    ['scrape_interval_hours', { platform: 'tiktok', username: 'someone', scrape_interval_hours: 24.5 }],
    ['category', { platform: 'tiktok', username: 'someone', category: 'a\u0000b' }],
    ['metadata', { platform: 'tiktok', username: 'someone', metadata: [] }],
    ['metadata.half', { platform: 'tiktok', username: 'someone', metadata: { half: '\ud800' } }],
    [
      'metadata',
      {
        platform: 'tiktok',
        username: 'someone',
        metadata: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, i])),
      },
    ],
  ])('refuses a bad %s', async (field, body) => {
    expect(await api.post('/accounts', body)).toMatchObject({ status: 422, errors: [{ field }] });
  });
});

describe('§5.1 changing an account', () => {
  test('changes what is named, clears what is null, leaves the rest', async () => {
    const { id } = await newAccount({ category: 'food', metadata: { a: 1 } });
    const changed = await api.patch(`/accounts/${id}`, {
      scrape_interval_hours: 6,
      max_recent_posts_per_account: 5000,
      post_lookback_days: 3650,
      is_active: null,
    });
    expect(changed).toMatchObject({
      status: 200,
      data: {
        category: 'food',
        metadata: { a: 1 },
        scrape_interval_hours: 6,
        is_active: true,
        max_recent_posts_per_account: 5000,
        effective_max_recent_posts_per_account: 5000,
        effective_post_lookback_days: 3650,
      },
    });
    const cleared = await api.patch(`/accounts/${id}`, {
      category: null,
      metadata: null,
      max_recent_posts_per_account: null,
      post_lookback_days: null,
      scrape_interval_hours: null,
    });
    expect(cleared.data).toMatchObject({
      category: null,
      metadata: null,
      max_recent_posts_per_account: null,
      effective_post_lookback_days: null,
      scrape_interval_hours: 6,
    });
    expect((await api.patch(`/accounts/${id}`, { metadata: { b: 2 } })).data.metadata).toEqual({ b: 2 });
  });

  test("shows the organization's limits where there is no own one", async () => {
    const other = await newOrganization();
    await sql`
      update organizations set max_recent_posts_per_account = 30, post_lookback_days = 60
      where organization_id = ${other.organizationId}`.execute(db);
    const { id } = await other.api.post('/accounts', { platform: 'tiktok', username: 'limited' });
    const changed = await other.api.patch(`/accounts/${id}`, { post_lookback_days: 7 });
    expect(changed.data).toMatchObject({
      max_recent_posts_per_account: null,
      effective_max_recent_posts_per_account: 30,
      effective_post_lookback_days: 7,
    });
  });

  test.each([
    ['body', {}],
    ['username', { username: 'x' }],
    ['platform', { platform: 'tiktok', is_active: true }],
    ['is_active', { is_active: 'yes' }],
    ['scrape_interval_hours', { scrape_interval_hours: 5 }],
    ['scrape_interval_hours', { scrape_interval_hours: 721 }],
    ['max_recent_posts_per_account', { max_recent_posts_per_account: 5001 }],
    ['max_recent_posts_per_account', { max_recent_posts_per_account: 0 }],
    ['post_lookback_days', { post_lookback_days: 3651 }],
    ['creator_id', { creator_id: 'x' }],
    ['metadata.a', { metadata: { a: {} } }],
  ])('refuses a bad %s', async (field, body) => {
    const { id } = await newAccount();
    expect(await api.patch(`/accounts/${id}`, body)).toMatchObject({ status: 422, errors: [{ field }] });
  });

  test('links, unlinks, and refuses to take an account from another creator', async () => {
    const { id } = await newAccount();
    const [mine, others] = [await newCreator('Mine'), await newCreator('Others')];
    const change = (creatorId: string | null) => api.patch(`/accounts/${id}`, { creator_id: creatorId });
    expect((await change(mine.toUpperCase())).data).toMatchObject({ creator_id: mine, creator_name: 'Mine' });
    expect((await change(mine)).status).toBe(200);
    expect((await change(others)).status).toBe(409);
    expect((await change(absentId)).status).toBe(404);
    expect((await change(null)).data).toMatchObject({ creator_id: null, creator_name: null });
    expect((await change(others)).data.creator_name).toBe('Others');
  });

  test('a paused account is not refreshed; resumed overdue it is due at once', async () => {
    const { id } = await newAccount({ scrape_interval_hours: 24 });
    await wasRefreshed(id, hoursAgo(30));
    await api.patch(`/accounts/${id}`, { is_active: false });
    expect(await profileOf(id)).toMatchObject({ due_at: null, interval_hours: null });
    expect(await pausesOf(id)).toEqual(['paused (open)']);
    clock.advance(60);
    await api.patch(`/accounts/${id}`, { is_active: false });
    expect(await pausesOf(id)).toEqual(['paused (open)']);
    await api.patch(`/accounts/${id}`, { is_active: true });
    expect(await profileOf(id)).toMatchObject({ due_at: clock.now(), interval_hours: 24, run_break_at: clock.now() });
    expect(await pausesOf(id)).toEqual(['paused']);
  });

  test('resumed in time, it is due when it would have been', async () => {
    const { id } = await newAccount({ scrape_interval_hours: 24 });
    const lastAt = hoursAgo(10);
    await wasRefreshed(id, lastAt);
    await api.patch(`/accounts/${id}`, { is_active: false });
    await api.patch(`/accounts/${id}`, { is_active: true });
    expect((await profileOf(id)).due_at).toEqual(new Date(lastAt.getTime() + 24 * 3_600_000));
    expect(await pausesOf(id)).toEqual(['paused']);
  });

  test('a shorter interval brings the next refresh forward, and is no break in its history', async () => {
    const { id } = await newAccount({ scrape_interval_hours: 48 });
    const lastAt = hoursAgo(10);
    await wasRefreshed(id, lastAt);
    const { run_break_at: breakAt } = await profileOf(id);
    clock.advance(1);
    await api.patch(`/accounts/${id}`, { scrape_interval_hours: 12 });
    expect(await profileOf(id)).toMatchObject({
      due_at: new Date(lastAt.getTime() + 12 * 3_600_000),
      run_break_at: breakAt,
    });
    await api.patch(`/accounts/${id}`, { scrape_interval_hours: 6 });
    expect((await profileOf(id)).due_at).toEqual(clock.now());
  });
});

describe('§5.1 deleting an account', () => {
  test('hides it, and frees its handle', async () => {
    const { id, data } = await newAccount();
    expect((await api.delete(`/accounts/${id.toUpperCase()}`)).status).toBe(204);
    for (const answer of [
      await api.get(`/accounts/${id}`),
      await api.patch(`/accounts/${id}`, { is_active: true }),
      await api.delete(`/accounts/${id}`),
      await api.get(`/accounts/${id}/analytics`),
      await api.get(`/accounts/${id}/analytics/timeseries`),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
    expect((await api.get(`/accounts?q=${String(data.username)}`)).items).toEqual([]);
    expect(await profileOf(id)).toMatchObject({ due_at: null, interval_hours: null });
    expect(await pausesOf(id)).toEqual(['deleted (open)']);
  });

  test('within 30 days, adding it again revives the record with new settings and old history', async () => {
    const username = 'lazarus';
    const creatorId = await newCreator();
    const { id, data } = await newAccount({ username, category: 'old', creator_id: creatorId });
    await api.patch(`/accounts/${id}`, { max_recent_posts_per_account: 10, is_active: false });
    await wasRefreshed(id, hoursAgo(1));
    const scrapedAt = (await api.get(`/accounts/${id}`)).data.last_scrape_time;
    await sql`insert into account_days (organization_id, account_id, day, views) values (${organizationId}, ${id}, '2026-03-02', 5)`.execute(
      db,
    );
    await api.delete(`/accounts/${id}`);
    expect(await pausesOf(id)).toEqual(['deleted (open)']);
    clock.advance(29 * 86_400);
    const revived = await newAccount({ username, category: 'new', scrape_interval_hours: 8 });
    expect(revived.status).toBe(201);
    expect(revived.data).toEqual({
      ...data,
      category: 'new',
      creator_id: null,
      creator_name: null,
      last_scrape_time: scrapedAt,
      scrape_interval_hours: 8,
    });
    expect(await pausesOf(id)).toEqual(['deleted']);
    const series = await api.get(
      `/accounts/${id}/analytics/timeseries?period=custom&start_date=2026-03-02&end_date=2026-03-03`,
    );
    expect(series.items).toMatchObject([
      { date: '2026-03-02', views: 5 },
      { date: '2026-03-03', views: null },
    ]);
  });

  test('after 30 days it is a new record, and the old one is purged with its history', async () => {
    const { id, data } = await newAccount();
    await sql`insert into account_days (organization_id, account_id, day, views) values (${organizationId}, ${id}, '2026-03-02', 5)`.execute(
      db,
    );
    await api.delete(`/accounts/${id}`);
    clock.advance(31 * 86_400);
    const again = await newAccount({ username: data.username });
    expect(again.status).toBe(201);
    expect(again.id).not.toBe(id);
    expect(await purgeDeleted(db, 'account', clock.now())).toBeGreaterThan(0);
    const left = await sql`
      select account_id from accounts where account_id = ${id}
      union all select account_id from account_days where account_id = ${id}`.execute(db);
    expect(left.rows).toEqual([]);
    expect((await api.get(`/accounts/${again.id}`)).status).toBe(200);
  });

  test('parallel re-adding revives once', async () => {
    const { id, data } = await newAccount();
    await api.delete(`/accounts/${id}`);
    const body = { platform: 'tiktok', username: data.username };
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.post('/accounts', body)));
    expect(answers.filter((answer) => answer.status === 201).map((answer) => answer.id)).toEqual([id]);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(7);
  });
});

test("another organization's account acts like an absent one", async () => {
  const { id } = await newAccount();
  const other = await newOrganization();
  const creatorId = (await other.api.post('/creators', { name: 'Theirs' })).id;
  for (const accountId of [id, absentId, 'not-a-uuid', `urn:uuid:${absentId}`]) {
    for (const answer of [
      await other.api.get(`/accounts/${accountId}`),
      await other.api.patch(`/accounts/${accountId}`, { is_active: false }),
      await other.api.delete(`/accounts/${accountId}`),
      await other.api.put(`/creators/${creatorId}/accounts/${accountId}`),
      await other.api.delete(`/creators/${creatorId}/accounts/${accountId}`),
      await other.api.get(`/accounts/${accountId}/analytics`),
      await other.api.get(`/accounts/${accountId}/analytics/timeseries`),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
  }
  expect((await other.api.get('/accounts')).items).toEqual([]);
  expect((await api.get(`/accounts/${id}`)).data.is_active).toBe(true);
});

test('a key that may only read changes nothing', async () => {
  const { id } = await newAccount();
  const reader = await newOrganization();
  await sql`update api_keys set scopes = '{read}' where organization_id = ${reader.organizationId}`.execute(db);
  for (const answer of [
    await reader.api.post('/accounts', { platform: 'tiktok', username: 'someone' }),
    await reader.api.patch(`/accounts/${id}`, { is_active: false }),
    await reader.api.delete(`/accounts/${id}`),
    await reader.api.post('/creators', { name: 'X' }),
    await reader.api.put(`/creators/${absentId}/accounts/${id}`),
  ]) {
    expect(answer).toMatchObject({ status: 403, body: { code: 'INSUFFICIENT_SCOPE' } });
  }
  expect((await reader.api.get('/accounts')).status).toBe(200);
});

test('every change is audited and seen at once, whatever was cached', async () => {
  const { id } = await newAccount();
  const before = await api.get(`/accounts/${id}`);
  await api.patch(`/accounts/${id}`, { category: 'seen' });
  const after = await api.get(`/accounts/${id}`);
  expect(after.data.category).toBe('seen');
  expect(after.headers.etag).not.toBe(before.headers.etag);
  await api.delete(`/accounts/${id}`);
  const { rows } = await sql<{ action: string }>`
    select action from audit_events where subject_id = ${id} order by audit_event_id`.execute(db);
  expect(rows.map((row) => row.action)).toEqual(['account.create', 'account.update', 'account.delete']);
});
