import type { Kysely } from 'kysely';
import type { Database } from '../../src/database/tables.ts';
import type { Api } from '../support/api.ts';
import { refreshNow, testClock, track } from '../support/collecting.ts';
import { observedPost, observedProfile, scriptedSource } from '../support/scripted-source.ts';
import { today } from './groups.ts';
import type { KnownIds, Whose } from './known-ids.ts';
import { forgetPosts } from './remember.ts';

const accountsEach = 12;
const postsEach = 9;
const readingDays = ['2026-03-02', '2026-03-03', '2026-03-05', '2026-03-19', today];

export interface Tenant {
  whose: Exclude<Whose, 'unknown' | 'deleted'>;
  organizationId: string;
  api: Api;
}

/** Accounts with posts and readings on several days, creators, links and single videos. */
export async function seed(db: Kysely<Database>, tenant: Tenant, ids: KnownIds): Promise<void> {
  const clock = testClock(`${readingDays[0]}T08:00:00Z`);
  for (let i = 0; i < accountsEach; i += 1) {
    const account = await collectedAccount(
      db,
      tenant,
      clock,
      `${tenant.whose}_${i}`,
      i % 2 === 0 ? 'instagram' : 'tiktok',
    );
    ids.add(tenant.whose, 'account', account);
  }
  for (const post of await tenant.api.walk('/account-videos?limit=200')) {
    ids.add(tenant.whose, 'account_video', String(post.id));
    ids.add(tenant.whose, post.platform === 'tiktok' ? 'tiktok_post' : 'instagram_post', Number(post.internal_id));
  }
  for (let i = 0; i < 10; i += 1) {
    const { id } = await tenant.api.post('/creators', { name: `${tenant.whose} creator ${i}` });
    ids.add(tenant.whose, 'creator', id);
  }
  for (let i = 0; i < 10; i += 1) {
    const { id } = await tenant.api.post('/videos', { platform: 'tiktok', identifier: `74709696222761649${i}0` });
    ids.add(tenant.whose, 'video', id);
  }
}

/** Deletes some of each kind, so that every read also meets what is gone. */
export async function forgetSome(api: Api, ids: KnownIds): Promise<void> {
  const paths = { account: '/accounts', creator: '/creators', video: '/videos' } as const;
  for (const [kind, path] of Object.entries(paths) as [keyof typeof paths, string][]) {
    for (const id of ids.all(kind).slice(0, 2)) {
      await api.delete(`${path}/${id}`);
      ids.remove(kind, id);
    }
  }
  await forgetPosts(ids, api);
}

async function collectedAccount(
  db: Kysely<Database>,
  { organizationId }: Tenant,
  clock: ReturnType<typeof testClock>,
  username: string,
  platform: 'instagram' | 'tiktok',
): Promise<string> {
  clock.set(`${readingDays[0]}T08:00:00Z`);
  const source = scriptedSource('scripted', [platform]);
  const collecting = { db, clock, sources: [source] };
  const { accountId, profileId } = await track(collecting, organizationId, username, platform);
  for (const [index, day] of readingDays.entries()) {
    clock.set(`${day}T09:00:00Z`);
    source.script.profile = observedProfile({ platformProfileId: null, username, followerCount: 1000 + 7 * index });
    source.script.posts = Array.from({ length: postsEach }, (_, post) =>
      observedPost(`7${username.length}${profileId}${String(post).padStart(14, '0')}`, counters(post, index), {
        createTime: new Date(`2026-02-${String(1 + 3 * post).padStart(2, '0')}T00:00:00Z`),
        caption: `Nordic kitchen ${post} 日本 İ`,
      }),
    );
    await refreshNow(collecting, profileId);
  }
  return accountId;
}

// Some posts hide their likes, and some fall.
const counters = (post: number, reading: number) => ({
  viewCount: 1000 * post + 100 * reading * (post % 4 === 3 ? -1 : 1),
  playCount: 1000 * post + 100 * reading,
  likeCount: post % 3 === 0 ? null : 10 * post + reading,
  commentCount: reading,
});
