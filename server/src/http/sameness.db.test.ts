import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Api, apiOf } from '../../test/support/api.ts';
import { testApp } from '../../test/support/app.ts';
import { type Collecting, refreshNow, refreshPostNow, testClock } from '../../test/support/collecting.ts';
import { checkedInject } from '../../test/support/contract.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';

// An answer may be kept because every change of what it shows bumps the organization's version. Here one app keeps answers
// and one never does: whatever happens, for every organization and every read, they say the same, byte for byte.

const { db } = await testDatabase();
const clock = testClock('2026-03-01T09:00:00Z');
const kept = await testApp(db, { clock });
const fresh = await testApp(db, { clock, config: { answerCacheMb: 0 } });
afterAll(async () => {
  await kept.close();
  await fresh.close();
});

const windows = ['period=7d', 'start_date=2026-02-27&end_date=2026-03-01'];

interface Tenant {
  api: Api;
  apiKey: string;
  username: string;
  postId: string;
  accountId: string;
  creatorId: string;
  videoId: string;
}

/** What a tenant can read, with the ids that it knows. */
async function readsOf({ api, accountId, creatorId, videoId }: Tenant): Promise<string[]> {
  const posts = (await api.get('/account-videos?limit=200')).items.map(({ id }) => `/account-videos/${String(id)}`);
  const items = [`/accounts/${accountId}`, `/creators/${creatorId}`, `/videos/${videoId}`, ...posts];
  const lists = ['/accounts', '/videos', '/account-videos', '/creators'].flatMap((path) => [
    `${path}?include_total=true`,
    `${path}?limit=1`,
  ]);
  const analytics = [...items, ''].flatMap((path) => [`${path}/analytics`, `${path}/analytics/timeseries`]);
  return [
    ...items,
    ...lists,
    ...analytics.flatMap((path) => windows.map((window) => `${path}?${window}`)),
    ...['7d', '30d'].flatMap((period) => [`/overview?period=${period}`, `/creators/top?period=${period}`]),
    '/creators/top?metric=followers_gained',
    '/search?q=e',
    '/search?q=same',
    '/account-videos?q=told',
    '/whoami',
  ];
}

/** Every read of a tenant as both apps answer it; the paths where they disagree. */
async function disagreements(tenant: Tenant): Promise<string[]> {
  const found: string[] = [];
  const headers = { authorization: `Bearer ${tenant.apiKey}` };
  for (const path of await readsOf(tenant)) {
    const get = async (app: typeof kept) => {
      const { statusCode, headers: given, body } = await checkedInject(app, { url: `/v2${path}`, headers });
      return { statusCode, etag: given.etag, body: statusCode === 200 ? body : '' };
    };
    const [one, other] = [await get(kept), await get(fresh)];
    if (JSON.stringify(one) !== JSON.stringify(other)) found.push(`${path}: kept ${one.body}, fresh ${other.body}`);
  }
  return found;
}

async function newTenant(username: string, postId: string): Promise<Tenant> {
  const { apiKey } = await createOrganization(db);
  const api = apiOf(kept, apiKey);
  const creatorId = (await api.post('/creators', { name: `same ${username}` })).id;
  const account = await api.post('/accounts', { platform: 'instagram', username, creator_id: creatorId });
  const video = await api.post('/videos', { platform: 'instagram', identifier: postId });
  return { api, apiKey, username, postId, creatorId, accountId: account.id, videoId: video.id };
}

const counter = fc.option(fc.integer({ min: 0, max: 50 }), { freq: 4 });
const writes: Record<string, (tenant: Tenant) => Promise<unknown>> = {
  pause: ({ api, accountId }) => api.patch(`/accounts/${accountId}`, { is_active: false }),
  resume: ({ api, accountId }) => api.patch(`/accounts/${accountId}`, { is_active: true }),
  label: ({ api, accountId }) => api.patch(`/accounts/${accountId}`, { category: 'food' }),
  pauseVideo: ({ api, videoId }) => api.patch(`/videos/${videoId}`, { is_active: false }),
  resumeVideo: ({ api, videoId }) => api.patch(`/videos/${videoId}`, { is_active: true }),
  pauseCreator: ({ api, creatorId }) => api.patch(`/creators/${creatorId}`, { is_active: false, name: 'same paused' }),
  unlink: ({ api, creatorId, accountId }) => api.delete(`/creators/${creatorId}/accounts/${accountId}`),
  link: ({ api, creatorId, accountId }) => api.put(`/creators/${creatorId}/accounts/${accountId}`),
  delete: ({ api, accountId }) => api.delete(`/accounts/${accountId}`),
  revive: ({ api, username }) => api.post('/accounts', { platform: 'instagram', username }),
  deleteVideo: ({ api, videoId }) => api.delete(`/videos/${videoId}`),
  reviveVideo: ({ api, postId }) => api.post('/videos', { platform: 'instagram', identifier: postId }),
};
// Often nobody of a tenant looks: what others bring home is none of its changes.
const pauses = ['pause', 'pauseVideo', 'pause', 'pauseVideo', 'delete', 'deleteVideo'];
const write = fc.constantFrom(...Object.keys(writes), ...pauses);
const look = fc.record({
  posts: fc.array(fc.record({ viewCount: counter, likeCount: counter, savedCount: counter }), { maxLength: 2 }),
  followerCount: fc.option(fc.constantFrom(90, 100), { freq: 5 }),
  told: fc.constantFrom('told once', 'told again', null),
  fails: fc.option(fc.constantFrom('private', 'not_found', 'transient'), { freq: 6, nil: null }),
});
const step = fc.record({
  hours: fc.constantFrom(0, 1, 13, 24),
  who: fc.constantFrom(0, 1),
  write: fc.option(write, { freq: 2, nil: null }),
  look: fc.option(look, { freq: 6, nil: null }),
  single: fc.boolean(),
});
let lastId = 5_000_000_000_000_000_000n;

test('kept answers are those that would be given anew, for both tenants of one profile, whatever happens to either', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
      const { source, username, tenants, profileId, collecting, firstId } = await world();
      for (const { hours, who, write: name, look: seen, single } of steps) {
        clock.add(hours);
        if (name !== null) await writes[name]?.(tenants[who]);
        if (seen !== null) {
          source.script.profile =
            seen.fails === null
              ? observedProfile({ username, platformProfileId: `${firstId}`, followerCount: seen.followerCount })
              : { code: seen.fails, message: 'scripted' };
          source.script.posts = seen.posts.map((counters, i) =>
            observedPost(`${firstId + BigInt(i)}`, counters, {
              createTime: new Date(Date.UTC(2026, 1, 20 + i * 10)),
              caption: seen.told,
            }),
          );
          if (single) await refreshPostNow(collecting, `${firstId}`);
          else await refreshNow(collecting, profileId);
        }
        for (const tenant of tenants)
          expect(await disagreements(tenant), JSON.stringify({ name, seen, single })).toEqual([]);
      }
    }),
    { numRuns: 5, endOnFailure: true },
  );
}, 240_000);

/** Two tenants of one profile and one post of it. */
async function world() {
  clock.set('2026-03-01T09:00:00Z');
  lastId += 10n;
  const source = scriptedSource();
  const username = `same_${lastId}`;
  const tenants = [await newTenant(username, `${lastId}`), await newTenant(username, `${lastId}`)] as const;
  const { profile_id: profileId } = await db
    .selectFrom('profiles')
    .select('profile_id')
    .where('username', '=', username)
    .executeTakeFirstOrThrow();
  const collecting: Collecting = { db, clock, sources: [source] };
  return { source, username, tenants, profileId, collecting, firstId: lastId };
}

test.each(['pause', 'delete'])(
  'after %s, a tenant sees at once what others bring home of the post that it still holds',
  async (name) => {
    const { source, username, tenants, profileId, collecting, firstId } = await world();
    const [, idle] = tenants;
    const show = async (viewCount: number, caption: string) => {
      source.script.profile = observedProfile({ username, platformProfileId: `${firstId}` });
      source.script.posts = [observedPost(`${firstId}`, { viewCount }, { caption })];
      await refreshNow(collecting, profileId);
      expect(await disagreements(idle)).toEqual([]);
    };
    await show(1, 'told once');
    clock.add(1);
    await writes[name]?.(idle);
    await writes.pauseVideo?.(idle);
    clock.add(1);
    expect(await disagreements(idle)).toEqual([]);
    await show(5, 'told again');
    expect((await idle.api.get(`/videos/${idle.videoId}`)).data).toMatchObject({
      description: 'told again',
      view_count: 1,
    });
    clock.add(24);
    await show(5, 'told again');
  },
);

test('an author whom another tenant names is known to all who wait for the post', async () => {
  const [one, other] = [await createOrganization(db), await createOrganization(db)];
  const api = apiOf(kept, one.apiKey);
  const { id } = await api.post('/videos', { platform: 'tiktok', identifier: '7470969622276164977' });
  const authorOf = async (app: typeof kept) =>
    (await apiOf(app, one.apiKey).get(`/videos/${id}`)).data.account_username;
  expect(await authorOf(kept)).toBeNull();
  const identifier = 'https://www.tiktok.com/@some_author/video/7470969622276164977';
  await apiOf(kept, other.apiKey).post('/videos', { platform: 'tiktok', identifier });
  expect(await authorOf(kept)).toBe(await authorOf(fresh));
});
