import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';

const { db } = await testDatabase();
const clock = new TestClock();
const app = await testApp(db, { clock });
const absentId = '00000000-0000-7000-8000-000000000000';
const newApi = async () => apiOf(app, (await createOrganization(db)).apiKey);
const api = await newApi();
let made = 0;

async function newAccount(body: object = {}) {
  made += 1;
  return (await api.post('/accounts', { platform: 'tiktok', username: `account_${made}`, ...body })).id;
}

async function newCreator(body: object = {}) {
  return (await api.post('/creators', { name: 'Rivals', ...body })).id;
}

const isActive = async (accountId: string) => (await api.get(`/accounts/${accountId}`)).data.is_active;

async function dueAt(accountId: string) {
  const { rows } = await sql<{ due_at: Date | null }>`
    select due_at from accounts join profiles using (profile_id) where account_id = ${accountId}`.execute(db);
  return rows[0]?.due_at;
}

describe('§5.3 creating a creator', () => {
  test('answers 201 with an empty group', async () => {
    const answer = await api.post('/creators', { name: '  Rivals  ', metadata: { region: 'eu' }, unknown: 1 });
    expect(answer).toMatchObject({ status: 201, headers: { location: `/v2/creators/${answer.id}` } });
    expect(answer.data).toEqual({
      id: answer.id,
      type: 'creator',
      name: 'Rivals',
      is_active: true,
      metadata: { region: 'eu' },
      accounts_summary: { total: 0, platforms: {}, total_followers: 0 },
    });
    expect((await api.get(`/creators/${answer.id}`)).data).toEqual(answer.data);
  });

  test('with an idempotency key makes one, and says so', async () => {
    const headers = { 'idempotency-key': 'grp-1' };
    const first = await api.post('/creators', { name: 'Once' }, headers);
    const again = await api.post('/creators', { name: 'Once' }, headers);
    expect(again).toMatchObject({ status: 201, id: first.id, headers: { 'idempotent-replayed': 'true' } });
    expect((await api.get('/creators?q=once')).items).toHaveLength(1);
  });

  test('equal names are two creators', async () => {
    expect(await newCreator({ name: 'Twin' })).not.toBe(await newCreator({ name: 'Twin' }));
  });

  test.each([
    ['name', {}],
    ['name', { name: '' }],
    ['name', { name: '   ' }],
    ['name', { name: 'x'.repeat(256) }],
    ['name', { name: 5 }],
    ['is_active', { name: 'X', is_active: 1 }],
    ['metadata.a', { name: 'X', metadata: { a: [] } }],
  ])('refuses a bad %s', async (field, body) => {
    expect(await api.post('/creators', body)).toMatchObject({ status: 422, errors: [{ field }] });
  });
});

describe('§5.3 changing a creator', () => {
  test('changes what is named, null clears metadata only', async () => {
    const id = await newCreator({ metadata: { a: 1 } });
    const changed = await api.patch(`/creators/${id}`, { name: ' Renamed ', is_active: null });
    expect(changed).toMatchObject({ status: 200, data: { name: 'Renamed', is_active: true, metadata: { a: 1 } } });
    const cleared = await api.patch(`/creators/${id}`, { metadata: null, name: null });
    expect(cleared.data).toMatchObject({ name: 'Renamed', metadata: null });
  });

  test.each([
    ['body', {}],
    ['name', { name: ' ' }],
    ['color', { color: 'red' }],
    ['is_active', { is_active: 'no' }],
  ])('refuses a bad %s', async (field, body) => {
    expect(await api.patch(`/creators/${await newCreator()}`, body)).toMatchObject({
      status: 422,
      errors: [{ field }],
    });
  });

  test('pausing pauses all its accounts; resuming resumes exactly those it paused, overdue ones at once', async () => {
    const creatorId = await newCreator();
    const [running, paused] = [
      await newAccount({ creator_id: creatorId }),
      await newAccount({ creator_id: creatorId }),
    ];
    const outside = await newAccount();
    await api.patch(`/accounts/${paused}`, { is_active: false });
    expect((await api.patch(`/creators/${creatorId}`, { is_active: false })).data.is_active).toBe(false);
    expect(await Promise.all([running, paused, outside].map(isActive))).toEqual([false, false, true]);
    expect(await dueAt(running)).toBeNull();
    clock.advance(60);
    await api.patch(`/creators/${creatorId}`, { is_active: false });
    await api.patch(`/creators/${creatorId}`, { is_active: true });
    expect(await Promise.all([running, paused, outside].map(isActive))).toEqual([true, false, true]);
    expect(await dueAt(running)).toEqual(clock.now());
  });

  test('a setting of its own, an unlink or another link takes an account out of those that come back', async () => {
    const creatorId = await newCreator();
    const accounts = await Promise.all(Array.from({ length: 6 }, () => newAccount({ creator_id: creatorId })));
    const [stays = '', toggled = '', unlinked = '', moved = '', held = '', left = ''] = accounts;
    await api.patch(`/creators/${creatorId}`, { is_active: false });
    await api.patch(`/accounts/${toggled}`, { is_active: true });
    await api.patch(`/accounts/${toggled}`, { is_active: false });
    await api.delete(`/creators/${creatorId}/accounts/${unlinked}`);
    await api.put(`/creators/${creatorId}/accounts/${unlinked}`);
    await api.patch(`/accounts/${moved}`, { creator_id: null });
    await api.patch(`/accounts/${moved}`, { creator_id: creatorId });
    await api.patch(`/accounts/${held}`, { is_active: false });
    await api.patch(`/accounts/${left}`, { is_active: null, creator_id: creatorId, category: 'x' });
    await api.patch(`/creators/${creatorId}`, { is_active: true });
    expect(await Promise.all([stays, left].map(isActive))).toEqual([true, true]);
    expect(await Promise.all([toggled, unlinked, moved, held].map(isActive))).toEqual([false, false, false, false]);
  });

  test('linking to a paused creator pauses nothing', async () => {
    const creatorId = await newCreator({ is_active: false });
    const accountId = await newAccount();
    await api.put(`/creators/${creatorId}/accounts/${accountId}`);
    expect(await isActive(accountId)).toBe(true);
  });
});

describe('§5.3, §4.5 linking', () => {
  test('answers 201 once and 200 after, with the same time', async () => {
    const [creatorId, accountId] = [await newCreator(), await newAccount()];
    const path = `/creators/${creatorId}/accounts/${accountId}`;
    const first = await api.put(path);
    expect(first).toMatchObject({ status: 201, headers: { location: `/v2${path}` } });
    expect(first.data).toEqual({
      type: 'creator_account_link',
      creator_id: creatorId,
      account_id: accountId,
      linked_at: `${clock.now().toISOString().slice(0, 19)}Z`,
    });
    clock.advance(60);
    const again = await api.put(path.toUpperCase().replace('CREATORS', 'creators').replace('ACCOUNTS', 'accounts'));
    expect(again).toMatchObject({ status: 200, data: first.data });
    expect(again.headers.location).toBeUndefined();
  });

  test('to a second creator is a conflict', async () => {
    const [first, second, accountId] = [await newCreator(), await newCreator(), await newAccount()];
    await api.put(`/creators/${first}/accounts/${accountId}`);
    expect((await api.put(`/creators/${second}/accounts/${accountId}`)).status).toBe(409);
    expect((await api.get(`/accounts/${accountId}`)).data.creator_id).toBe(first);
  });

  test('of something unknown is 404, and so is unlinking what is not linked', async () => {
    const [creatorId, other, accountId] = [await newCreator(), await newCreator(), await newAccount()];
    expect((await api.put(`/creators/${absentId}/accounts/${accountId}`)).status).toBe(404);
    expect((await api.put(`/creators/${creatorId}/accounts/${absentId}`)).status).toBe(404);
    expect((await api.delete(`/creators/${creatorId}/accounts/${accountId}`)).status).toBe(404);
    await api.put(`/creators/${creatorId}/accounts/${accountId}`);
    expect((await api.delete(`/creators/${other}/accounts/${accountId}`)).status).toBe(404);
    expect((await api.delete(`/creators/${creatorId}/accounts/${accountId}`)).status).toBe(204);
    expect((await api.delete(`/creators/${creatorId}/accounts/${accountId}`)).status).toBe(404);
    expect((await api.get(`/accounts/${accountId}`)).data.creator_id).toBeNull();
  });

  test('two creators racing for one account: one wins', async () => {
    const accountId = await newAccount();
    const creators = await Promise.all(Array.from({ length: 6 }, () => newCreator()));
    const answers = await Promise.all(creators.map((id) => api.put(`/creators/${id}/accounts/${accountId}`)));
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409, 409, 409]);
  });

  test('shows in the summary: accounts per platform, followers together; deleted accounts leave it', async () => {
    const creatorId = await newCreator();
    const instagram = await newAccount({ platform: 'instagram', creator_id: creatorId });
    const [first, second] = [await newAccount({ creator_id: creatorId }), await newAccount({ creator_id: creatorId })];
    await sql`update accounts set follower_count = 70 where account_id in (${instagram}, ${first})`.execute(db);
    const summary = async () => (await api.get(`/creators/${creatorId}`)).data.accounts_summary;
    expect(await summary()).toEqual({ total: 3, platforms: { instagram: 1, tiktok: 2 }, total_followers: 140 });
    await api.delete(`/accounts/${instagram}`);
    await api.delete(`/accounts/${second}`);
    expect(await summary()).toEqual({ total: 1, platforms: { tiktok: 1 }, total_followers: 70 });
  });
});

describe('§5.3 deleting a creator', () => {
  test('leaves its accounts, unlinked, active or paused as they are', async () => {
    const creatorId = await newCreator();
    const [active, paused] = [await newAccount({ creator_id: creatorId }), await newAccount({ creator_id: creatorId })];
    await api.patch(`/accounts/${paused}`, { is_active: false });
    expect((await api.delete(`/creators/${creatorId}`)).status).toBe(204);
    expect((await api.get(`/accounts/${active}`)).data).toMatchObject({ creator_id: null, is_active: true });
    expect((await api.get(`/accounts/${paused}`)).data).toMatchObject({ creator_id: null, is_active: false });
    expect((await api.get(`/accounts?creator_id=${creatorId}`)).items).toEqual([]);
    for (const answer of [
      await api.get(`/creators/${creatorId}`),
      await api.patch(`/creators/${creatorId}`, { name: 'X' }),
      await api.delete(`/creators/${creatorId}`),
      await api.get(`/creators/${creatorId}/analytics`),
      await api.get(`/creators/${creatorId}/analytics/timeseries`),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
  });
});

test("another organization's creator acts like an absent one", async () => {
  const [creatorId, accountId] = [await newCreator(), await newAccount()];
  const other = await newApi();
  const own = (await other.post('/accounts', { platform: 'tiktok', username: 'theirs' })).id;
  for (const id of [creatorId, absentId, 'x']) {
    for (const answer of [
      await other.get(`/creators/${id}`),
      await other.patch(`/creators/${id}`, { name: 'Stolen' }),
      await other.delete(`/creators/${id}`),
      await other.put(`/creators/${id}/accounts/${own}`),
      await other.put(`/creators/${id}/accounts/${accountId}`),
      await other.delete(`/creators/${id}/accounts/${accountId}`),
      await other.get(`/creators/${id}/analytics`),
      await other.get(`/creators/${id}/analytics/timeseries`),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
  }
  expect((await other.get('/creators')).items).toEqual([]);
  expect((await other.get(`/accounts?creator_id=${creatorId}`)).items).toEqual([]);
});

describe('§2.6 the list of creators', () => {
  test('is by name, then id; each once; filters by name and activity', async () => {
    const list = await newApi();
    const names = ['beta', 'Alpha', 'beta', 'Ärger', 'gamma 100%', 'beta'];
    for (const name of names) await list.post('/creators', { name, is_active: name !== 'gamma 100%' });
    const all = await list.walk('/creators?limit=1');
    expect(all.map((creator) => creator.name)).toEqual(['Alpha', 'beta', 'beta', 'beta', 'gamma 100%', 'Ärger']);
    const betas = all.filter((creator) => creator.name === 'beta').map((creator) => String(creator.id));
    expect(betas).toEqual(betas.toSorted((a, b) => (a < b ? -1 : 1)));
    const down = await list.walk('/creators?limit=2&order_direction=desc');
    expect(down.map((creator) => creator.id)).toEqual(all.map((creator) => creator.id).toReversed());
    const found = async (query: string) => (await list.get(`/creators?${query}`)).items.map((creator) => creator.name);
    expect(await found('q=ALPH')).toEqual(['Alpha']);
    expect(await found(`q=${encodeURIComponent('äRG')}`)).toEqual(['Ärger']);
    expect(await found('q=%25')).toEqual(['gamma 100%']);
    expect(await found('q=_')).toEqual([]);
    expect(await found('is_active=False')).toEqual(['gamma 100%']);
    expect(await found('is_active=1&q=beta')).toHaveLength(3);
    expect(await found('q=%20')).toHaveLength(6);
    expect((await list.get('/creators?include_total=true&q=beta&limit=1')).pagination).toMatchObject({
      total_count: 3,
    });
    expect(await list.get('/creators?order_by=id')).toMatchObject({ status: 422, errors: [{ field: 'order_by' }] });
  });
});
