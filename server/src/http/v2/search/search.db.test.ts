import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { type Api, apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { insertAccount, insertAccountVideo, insertVideo } from '../../../../test/support/books.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization, type TestOrganization } from '../../../../test/support/organization.ts';
import { fold } from '../../../database/fold.ts';
import { newestCaptions } from '../../../services/captions/find-captions.ts';

const { db } = await testDatabase();
const app = await testApp(db);

async function newOwner(): Promise<TestOrganization & { api: Api }> {
  const owner = await createOrganization(db);
  return { ...owner, api: apiOf(app, owner.apiKey) };
}

const at = (day: number) => new Date(Date.UTC(2026, 2, day));
const path = (q: string, more = '') => `/search?q=${encodeURIComponent(q)}${more}`;

type Section = 'accounts' | 'creators' | 'videos';
async function found(api: Api, section: Section, q: string, more = ''): Promise<Record<string, unknown>[]> {
  const { data } = await api.get(path(q, more));
  return data[section] as Record<string, unknown>[];
}
const ids = (items: Record<string, unknown>[]) => items.map((item) => item.id);

async function postOf(accountVideoId: string) {
  const { rows } = await sql<{ profile_id: number; post_id: number }>`
    select profile_id, post_id from account_videos where account_video_id = ${accountVideoId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error(`no post ${accountVideoId}`);
  return row;
}

async function makeVersion(organizationId: string) {
  await sql`update organization_versions set version = version + 1 where organization_id = ${organizationId}`.execute(
    db,
  );
}

describe('contract §5.6, T11 #27', () => {
  test('no q: 422', async () => {
    const { api } = await newOwner();
    const answer = await api.get('/search');
    expect([answer.status, answer.errors]).toEqual([422, [{ field: 'q', message: 'is required' }]]);
  });

  test.each(['', '%20%09', '%EF%B8%8F'])('blank q (%s): empty sections, query as sent', async (blank) => {
    const { api, ...owner } = await newOwner();
    await insertAccount(db, owner, { username: 'someone' });
    const answer = await api.get(`/search?q=${blank}`);
    expect([answer.status, answer.data]).toEqual([200, { accounts: [], creators: [], videos: [] }]);
    expect(answer.meta.query).toBe(decodeURIComponent(blank));
  });

  test('128 characters without the blanks around them, and no more', async () => {
    const { api } = await newOwner();
    expect((await api.get(path(`  ${'🦄'.repeat(128)}  `))).status).toBe(200);
    const long = await api.get(path('x'.repeat(129)));
    expect([long.status, long.errors]).toEqual([422, [{ field: 'q', message: 'must be at most 128 characters long' }]]);
  });

  test('the limit holds for each section, is 10 unless given, at most 25', async () => {
    const { api, ...owner } = await newOwner();
    for (let n = 0; n < 27; n += 1) {
      const accountId = await insertAccount(db, owner, { username: `many_${n}` });
      await api.post('/creators', { name: `many ${n}` });
      await insertAccountVideo(db, accountId, {}, { caption: `many ${n}` });
    }
    for (const [more, limit] of [
      ['', 10],
      ['&limit=25', 25],
      ['&limit=1', 1],
    ] as const) {
      const { data, meta } = await api.get(path('many', more));
      expect(Object.values(data).map((section) => (section as unknown[]).length)).toEqual([limit, limit, limit]);
      const caps = { accounts: limit, creators: limit, videos: limit };
      expect(meta).toEqual({ query: 'many', limit_per_section: limit, effective_caps: caps });
    }
    for (const limit of ['0', '26', 'x']) {
      expect((await api.get(path('many', `&limit=${limit}`))).errors[0]?.field).toBe('limit');
    }
  });

  test.each(['q=%00', 'q=a%00b', 'q=%ED%A0%80', 'q=a%20%FF'])('%s: a clear 422', async (query) => {
    const { api } = await newOwner();
    const answer = await api.get(`/search?${query}`);
    expect([answer.status, answer.errors[0]?.field]).toEqual([422, 'q']);
  });

  test.each(['q=%', 'q=%zz', 'q=\ufffd', 'q=%EF%BF%BF', 'q=a&q=b', 'q[]=a'])('%s: never a 500', async (query) => {
    const { api } = await newOwner();
    expect((await api.get(`/search?${query}`)).status).toBeLessThan(500);
  });
});

describe('accounts and creators', () => {
  test('are shown with these members; those that begin with the text first, then by name', async () => {
    const { api, ...owner } = await newOwner();
    const names = ['the_north', 'northern', 'north_b', 'another', 'a_north'];
    for (const username of names) await insertAccount(db, owner, { username, name: `Mx ${username}` });
    for (const name of ['Up North', 'North', 'Northern Lights', 'Anorthosite', 'South'])
      await api.post('/creators', { name });
    const accounts = await found(api, 'accounts', 'North');
    expect(accounts.map((account) => account.username)).toEqual(['north_b', 'northern', 'a_north', 'the_north']);
    expect(accounts[0]).toEqual({
      id: expect.any(String),
      platform: 'instagram',
      username: 'north_b',
      display_name: 'Mx north_b',
    });
    const creators = await found(api, 'creators', 'nORTh');
    expect(creators.map((creator) => creator.name)).toEqual(['North', 'Northern Lights', 'Anorthosite', 'Up North']);
    expect(Object.keys(creators[0] ?? {})).toEqual(['id', 'name']);
    expect(await found(api, 'accounts', 'north', '&limit=3')).toEqual(accounts.slice(0, 3));
  });

  test('deleted ones are not found', async () => {
    const { api } = await newOwner();
    const account = await api.post('/accounts', { platform: 'tiktok', username: 'leaving' });
    const creator = await api.post('/creators', { name: 'leaving' });
    expect(ids(await found(api, 'accounts', 'leaving'))).toEqual([account.id]);
    await api.delete(`/accounts/${account.id}`);
    await api.delete(`/creators/${creator.id}`);
    expect((await api.get(path('leaving'))).data).toEqual({ accounts: [], creators: [], videos: [] });
  });

  test('a creator is found by its new name only', async () => {
    const { api } = await newOwner();
    const { id } = await api.post('/creators', { name: 'Straße' });
    expect(ids(await found(api, 'creators', 'STRASSE'))).toEqual([id]);
    await api.patch(`/creators/${id}`, { name: 'ΟΔΟΣ' });
    expect(await found(api, 'creators', 'strasse')).toEqual([]);
    expect(ids(await found(api, 'creators', 'οδος'))).toEqual([id]);
  });
});

const captions: [caption: string, found: string[], absent: string[]][] = [
  ['Sommer in der Straße', ['STRASSE', 'raß', 'sommer in', 'r'], ['sommerin', 'strase']],
  ['İstanbul ışık GÜZEL', ['istanbul', 'ISTANBUL', 'IŞIK', 'ışık', 'güzel'], ['guzel']],
  ['今日は東京でラーメン🍜', ['東', '京で', '東京で', 'ラーメン🍜', '🍜'], ['東で', '🍣']],
  ['الصيف جميل جدا', ['الصيف', 'جميل', 'ف ج'], ['الشتاء']],
  [
    '100% real_deal \\o/ "quoted" {a,b}',
    ['100%', 'L_D', '\\o/', '%', '_', '\\', '"', '{a,b}'],
    ['100_', 'realxdeal', '%%', 'l%d'],
  ],
  ['cafe\u0301 ❤\ufe0f 👩\u200d🚀', ['CAFÉ', 'café', '❤', '❤\ufe0f', '👩', '👩\u200d🚀'], ['👨']],
  ['line one\nline two\ttab', ['one\nline', 'two\ttab'], ['one line']],
  ['Ω', ['ω', 'Ω'], ['o']],
];

describe('posts', () => {
  test.each(captions)('%s', async (caption, present, absent) => {
    const { api, ...owner } = await newOwner();
    const accountId = await insertAccount(db, owner);
    const id = await insertAccountVideo(db, accountId, {}, { caption });
    await insertAccountVideo(db, accountId, {}, { caption: 'zzz' });
    await insertAccountVideo(db, accountId, {}, { caption: null });
    for (const q of present) expect([q, ids(await found(api, 'videos', q))]).toEqual([q, [id]]);
    for (const q of absent) expect([q, ids(await found(api, 'videos', q))]).toEqual([q, []]);
    for (const q of [...present, ...absent]) {
      const listed = (await api.get(`/account-videos?q=${encodeURIComponent(q)}`)).items;
      expect([q, ids(listed)]).toEqual([q, present.includes(q) ? [id] : []]);
    }
  });

  test('of both kinds, newest first, unknown times last', async () => {
    const { api, ...owner } = await newOwner();
    const accountId = await insertAccount(db, owner, { username: 'author' });
    const old = await insertAccountVideo(db, accountId, { create_time: at(1) }, { caption: 'Beach day' });
    const undated = await insertAccountVideo(db, accountId, {}, { caption: 'beach' });
    const recent = await insertAccountVideo(db, accountId, { create_time: at(9) }, { caption: 'BEACH again' });
    const { profile_id, post_id } = await postOf(old);
    const tracked = await insertVideo(db, owner, { profile_id, post_id, create_time: at(5) });
    const videos = await found(api, 'videos', 'beach');
    expect(ids(videos)).toEqual([recent, tracked, old, undated]);
    expect(videos[1]).toEqual({
      id: tracked,
      type: 'video',
      platform: 'instagram',
      caption: 'Beach day',
      account_id: accountId,
      account_username: 'author',
    });
    expect(videos[2]).toEqual({ ...videos[1], id: old, type: 'account_video' });
  });

  test('a video whose author is not tracked here', async () => {
    const [{ api, ...owner }, other] = [await newOwner(), await newOwner()];
    const held = await insertAccountVideo(db, await insertAccount(db, other), {}, { caption: 'shared words' });
    const { profile_id, post_id } = await postOf(held);
    const tracked = await insertVideo(db, owner, { profile_id, post_id });
    expect(await found(api, 'videos', 'shared')).toMatchObject([
      { id: tracked, account_id: null, caption: 'shared words' },
    ]);
    expect(ids(await found(other.api, 'videos', 'shared'))).toEqual([held]);
    expect((await api.delete(`/videos/${tracked}`)).status).toBe(204);
    expect(await found(api, 'videos', 'shared')).toEqual([]);
    expect(ids(await found(other.api, 'videos', 'shared'))).toEqual([held]);
  });

  test('of a deleted account are gone, and back when it is added again', async () => {
    const { api, ...owner } = await newOwner();
    const account = await api.post('/accounts', { platform: 'instagram', username: 'comes_back' });
    const id = await insertAccountVideo(db, account.id, {}, { caption: 'remember me' });
    await makeVersion(owner.organizationId);
    expect(ids(await found(api, 'videos', 'remember'))).toEqual([id]);
    await api.delete(`/accounts/${account.id}`);
    expect(await found(api, 'videos', 'remember')).toEqual([]);
    await api.post('/accounts', { platform: 'instagram', username: 'comes_back' });
    expect(ids(await found(api, 'videos', 'remember'))).toEqual([id]);
  });

  test('beyond the newest are found through the index, by every part of theirs', async () => {
    const { api, ...owner } = await newOwner();
    const accountId = await insertAccount(db, owner);
    const caption = `it's a 🦤 & | ! ( :* <-> "q" \\ %_ 'é東`;
    const old = await insertAccountVideo(db, accountId, { create_time: at(1) }, { caption });
    await sql`
      insert into captions (organization_id, item_id, kind, profile_id, post_id, posted_at, folded)
      select ${owner.organizationId}, gen_random_uuid(), 'account_video', 0, i, now(), 'filler ' || i
      from generate_series(1, 6000) i`.execute(db);
    const characters = Array.from(caption.toUpperCase());
    for (const length of [1, 2, 3, 5, characters.length]) {
      for (let start = 0; start + length <= characters.length; start += 1) {
        const q = characters.slice(start, start + length).join('');
        const hits = await newestCaptions(db, owner.organizationId, fold(q), 7000);
        expect([q, hits.map((hit) => hit.item_id).includes(old)]).toEqual([q, true]);
      }
    }
    for (const q of ['🦤', '東', 'q"', "it's a", '\\ %'])
      expect([q, ids(await found(api, 'videos', q))]).toEqual([q, [old]]);
    for (const q of ['🦄', 'zz', "''", 'its a', '& !']) expect(await found(api, 'videos', q)).toEqual([]);
  });
});
