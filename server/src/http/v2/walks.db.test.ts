import { afterAll, expect, test } from 'vitest';
import { type Api, apiOf } from '../../../test/support/api.ts';
import { testApp } from '../../../test/support/app.ts';
import { refreshNow, testClock, track } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { observedPost, scriptedSource } from '../../../test/support/scripted-source.ts';

// A walk of a list while others write: what was there before and stays is met exactly once, by keys that do not change.

const { db } = await testDatabase();
const clock = testClock('2026-03-10T09:00:00Z');
const app = await testApp(db, { clock });
afterAll(() => app.close());

let made = 0;
const next = (): number => (made += 1);

interface World {
  api: Api;
  /** Grows the feed by a post before, between and after the others, and reads it. */
  read(): Promise<void>;
}

async function world(): Promise<World> {
  const organization = await createOrganization(db);
  const source = scriptedSource();
  const collecting = { db, clock, sources: [source] };
  const { profileId } = await track(collecting, organization.organizationId, `walked_${next()}`);
  const read = async () => {
    clock.add(1);
    const days = source.script.posts.length === 0 ? Array.from({ length: 12 }, (_, i) => i + 5) : [1, 10, 25];
    const added = days.map((day) =>
      observedPost(
        String(7_000_000 + next()),
        { viewCount: made },
        {
          caption: `Walk ${made}`,
          createTime: new Date(Date.UTC(2026, 1, day, made % 24)),
        },
      ),
    );
    source.script.posts = [...source.script.posts, ...added].map((post) => ({
      ...post,
      counters: { ...post.counters, viewCount: (post.counters.viewCount ?? 0) + 5 },
    }));
    await refreshNow(collecting, profileId);
  };
  return { api: apiOf(app, organization.apiKey), read };
}

const accounts = async ({ api }: World) => {
  for (const letter of ['a', 'm', 'z'])
    await api.post('/accounts', { platform: 'tiktok', username: `${letter}_${next()}` });
};
const creators = async ({ api }: World) => {
  for (const letter of ['A', 'm', 'Z']) await api.post('/creators', { name: `${letter} ${next()}` });
};

const walks: [path: string, write: (world: World) => Promise<void>][] = [
  ['/accounts', accounts],
  ['/accounts?order_by=added_at&order_direction=asc', accounts],
  ['/accounts?order_by=username', accounts],
  ['/accounts?order_by=username&order_direction=asc&q=_', accounts],
  ['/creators', creators],
  ['/creators?order_direction=desc', creators],
  ['/account-videos', ({ read }) => read()],
  ['/account-videos?order_by=create_time&order_direction=asc', ({ read }) => read()],
  ['/account-videos?order_by=added_at', ({ read }) => read()],
  ['/account-videos?q=walk', ({ read }) => read()],
];

test.each(walks)('%s', async (path, write) => {
  const it = await world();
  for (let i = 0; i < 4; i += 1) await write(it);
  const idsOf = (items: Record<string, unknown>[]) => items.map(({ id }) => String(id));
  const before = idsOf(await it.api.walk(path));
  expect(before.length).toBeGreaterThan(8);
  const leaving = before[7] ?? '';
  const list = path.split('?')[0];
  let writes = 0;
  const seen = idsOf(
    await it.api.walk(`${path}${path.includes('?') ? '&' : '?'}limit=2`, async () => {
      // What is added behind the cursor is met too: writers that never rest would lead it on for good.
      if ((writes += 1) < 8) await write(it);
      if (list !== '/account-videos') await it.api.delete(`${list}/${leaving}`);
    }),
  );
  expect(new Set(seen).size).toBe(seen.length);
  const stayed = list === '/account-videos' ? before : before.filter((id) => id !== leaving);
  expect(seen.filter((id) => stayed.includes(id))).toEqual(stayed);
});
