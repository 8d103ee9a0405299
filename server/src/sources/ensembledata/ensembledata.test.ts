import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { areFixturesMissing, fixtureText, skippedNote } from '../../../test/support/fixtures.ts';
import {
  startVendorServer,
  type VendorReply,
  type VendorRequest,
  type VendorServer,
} from '../../../test/support/vendor-server.ts';
import { type Fields, fieldsAt } from '../fields.ts';
import { parseJson } from '../json.ts';
import { noCounters } from '../payloads/normalised.ts';
import type { OutcomeCode, Platform, PostRef, ProfileRef, Result, Source } from '../source.ts';
import { createEnsembledata } from './connector.ts';
import { ensembledataManifest } from './manifest.ts';

// No answer of this vendor is recorded. It passes on the platforms' own payloads, which are recorded from another vendor; what is
// around them, and every refusal, is made up after its documentation and public code that reads it.

const options = { now: new Date('2026-11-05T10:00:00Z') };
const tomorrow = new Date('2026-11-06T00:00:00Z');
const outcome = (result: Result<unknown>): OutcomeCode => (result.ok ? 'ok' : result.failure.code);
const ref = (platform: Platform, platformProfileId: string | null = null): ProfileRef => ({
  platform,
  username: 'someone',
  platformProfileId,
});
const refuse = (status: number, detail: unknown = 'said by the vendor'): VendorReply => ({ status, body: { detail } });

let vendor: VendorServer;
const opened: Source[] = [];

function connect(dailyUnits = Number.POSITIVE_INFINITY, rateLimitScope: 'key' | 'request' = 'request'): Source {
  const limits = {
    ...ensembledataManifest.limits,
    requestTimeoutMs: 150,
    retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 2, budgetPercent: 100 },
    breaker: { failures: 1000, halfOpenAfterMs: 1 },
    patienceMs: 0,
    rateLimitScope,
  };
  const manifest = { ...ensembledataManifest, limits };
  const source = createEnsembledata({ manifest, baseUrl: `${vendor.url}/apis`, token: 'a-secret-token', dailyUnits });
  opened.push(source);
  return source;
}

const routes = (answers: Record<string, (request: VendorRequest) => VendorReply>): void => {
  vendor.answer = (request) => answers[request.path.replace('/apis', '')]?.(request) ?? refuse(404);
};
const paths = () => vendor.requests.map(({ path }) => path.replace('/apis', ''));

beforeAll(async () => {
  vendor = await startVendorServer(() => ({}));
});

afterEach(async () => {
  vendor.requests.length = 0;
  await Promise.all(opened.splice(0).map((source) => source.close()));
});

afterAll(() => vendor.close());

describe.skipIf(areFixturesMissing)(
  `EnsembleData, with payloads of another vendor in a made-up envelope${skippedNote}`,
  () => {
    const fixture = (name: string): Fields => parseJson(fixtureText(`scrapecreators/${name}.json`)) as Fields;
    const media = (name: string): unknown[] => fixture(name).items as unknown[];

    it('reads a TikTok profile and says that its counts are rounded', async () => {
      routes({ '/tt/user/info': () => ({ body: { data: fixture('tiktok_v1_profile') } }) });
      const who = { ...ref('tiktok', '6659752019493208069'), username: 'stoolpresidente' };
      expect(await connect().fetchProfile(who, options)).toMatchObject({
        ok: true,
        value: {
          platformProfileId: '6659752019493208069',
          followerCount: 4100000,
          postCount: 2017,
          precision: 'rounded',
        },
      });
      expect(vendor.requests).toMatchObject([{ query: { username: 'stoolpresidente', token: 'a-secret-token' } }]);
    });

    it.each([
      ['in data', (list: unknown): object => ({ data: list, nextCursor: 1738435195000 })],
      ['in data.data', (list: unknown): object => ({ data: { data: list, nextCursor: 1738435195000 } })],
    ])('reads a page of TikTok posts %s', async (_name, envelope) => {
      const { aweme_list } = fixture('tiktok_v3_profile_videos');
      routes({ '/tt/user/posts': () => ({ body: envelope(aweme_list) }) });
      const source = connect();
      const result = await source.fetchPosts(ref('tiktok'), null, options);
      expect(result).toMatchObject({
        ok: true,
        value: {
          posts: [
            {
              externalId: '7470969622276164906',
              durationSeconds: 89.131,
              precision: 'exact',
              counters: {
                ...noCounters,
                viewCount: 141567,
                playCount: 141567,
                likeCount: 18651,
                commentCount: 152,
                shareCount: 237,
                savedCount: 274,
              },
            },
          ],
          nextCursor: '1738435195000',
        },
      });
      await source.fetchPosts(ref('tiktok'), result.ok ? result.value.nextCursor : null, options);
      expect(vendor.requests.at(-1)?.query).toMatchObject({
        username: 'someone',
        depth: '1',
        start_cursor: '1738435195000',
      });
    });

    it.each([true, false])('reads a single TikTok post without losing a digit (in a list: %s)', async (isListed) => {
      const { aweme_detail } = fixture('tiktok_v2_video');
      routes({ '/tt/post/info': () => ({ body: { data: isListed ? [aweme_detail] : aweme_detail } }) });
      const post = {
        platform: 'tiktok',
        externalId: '7463250363559218474',
        shortcode: null,
        authorUsername: null,
      } as const;
      expect(await connect().fetchPost?.(post, options)).toMatchObject({
        ok: true,
        value: {
          author: { platformProfileId: '6659752019493208069', username: 'stoolpresidente' },
          post: { externalId: '7463250363559218474', counters: { viewCount: 355687, shareCount: 3100 } },
        },
      });
      expect(vendor.requests[0]?.query.url).toBe('https://www.tiktok.com/@_/video/7463250363559218474');
    });

    it('reads an Instagram profile', async () => {
      const user = fieldsAt(fixture('instagram_v1_profile'), 'data')?.user;
      routes({ '/instagram/user/detailed-info': () => ({ body: { data: user } }) });
      expect(await connect().fetchProfile(ref('instagram'), options)).toMatchObject({
        ok: true,
        value: {
          platformProfileId: '2700692569',
          followerCount: 25116,
          followingCount: 101,
          postCount: 71,
          precision: 'exact',
        },
      });
    });

    it('reads an Instagram feed: the reel with its displayed plays, not the 1318 legacy views of the list of posts', async () => {
      const user = fieldsAt(fixture('instagram_v1_profile'), 'data', 'user');
      const edges = fieldsAt(user, 'edge_owner_to_timeline_media')?.edges;
      const reels = media('instagram_v2_user_posts').map((item) => ({ media: item }));
      routes({
        '/instagram/user/posts': () => ({ body: { data: { posts: edges, last_cursor: null } } }),
        '/instagram/user/reels': () => ({ body: { data: { reels } } }),
      });
      const result = await connect().fetchPosts(ref('instagram', '2700692569'), null, options);
      const posts = result.ok ? result.value.posts : [];
      expect(posts.filter(({ viewKind }) => viewKind === 'legacy')).toEqual([]);
      expect(posts.filter(({ viewKind }) => viewKind === 'displayed').length).toBeGreaterThan(0);
      expect(posts.find(({ externalId }) => externalId === '3540614075954356349')).toMatchObject({
        counters: { likeCount: 126, commentCount: 12 },
      });
      expect(vendor.requests.map(({ query }) => query)).toEqual([
        { user_id: '2700692569', depth: '1', chunk_size: '12', token: 'a-secret-token' },
        { user_id: '2700692569', depth: '1', chunk_size: '12', include_feed_video: 'true', token: 'a-secret-token' },
      ]);
    });

    it('reads a single Instagram post: plays 4651, not the legacy 1639', async () => {
      const data = fieldsAt(fixture('instagram_v1_post'), 'data')?.xdt_shortcode_media as Fields;
      routes({ '/instagram/post/details': () => ({ body: { data } }) });
      const post = {
        platform: 'instagram',
        externalId: String(data.id),
        shortcode: null,
        authorUsername: null,
      } as const;
      expect(await connect().fetchPost?.(post, options)).toMatchObject({
        ok: true,
        value: { post: { viewKind: 'displayed', counters: { viewCount: 4651, playCount: 4651 } } },
      });
      expect(vendor.requests[0]?.query).toMatchObject({ code: data.shortcode, n_comments_to_fetch: '0' });
    });
  },
);

describe('what can go wrong at EnsembleData', () => {
  it.each<[string, VendorReply, OutcomeCode]>([
    ['a request it refuses', refuse(422, [{ loc: ['query', 'username'], msg: 'field required' }]), 'upstream_changed'],
    ['too many requests', refuse(429), 'rate_limited'],
    ['an address of TikTok it does not know', refuse(462), 'upstream_changed'],
    ['an invalid user', refuse(463), 'not_found'],
    ['too many ids', refuse(464), 'upstream_changed'],
    ['a wrong address of YouTube', refuse(465), 'upstream_changed'],
    ['a wrong country', refuse(466), 'upstream_changed'],
    ['a restricted topic', refuse(469), 'restricted'],
    ['a restricted user', refuse(471), 'restricted'],
    ['a private user', refuse(472), 'private'],
    ['a user that is not found', refuse(473), 'not_found'],
    ['an unavailable profile', refuse(474), 'not_found'],
    ['an invalid token', refuse(491, 'Token not found'), 'auth_expired'],
    ['an e-mail address that is not verified', refuse(492), 'permission_missing'],
    ['an expired subscription', refuse(493), 'auth_expired'],
    ['used-up units', refuse(495), 'quota_exhausted'],
    ['a server error', refuse(500), 'transient'],
    ['a restricted post', refuse(520), 'restricted'],
    ['an unknown endpoint', refuse(404, 'Not Found'), 'upstream_changed'],
    ['an unknown status', refuse(499), 'upstream_changed'],
    ['a status without JSON', { status: 473, body: 'no' }, 'not_found'],
    ['a page of the proxy before it', { status: 502, body: '<html>Bad gateway</html>' }, 'transient'],
    ['truncated JSON', { body: '{"data":{"us' }, 'transient'],
    ['no data', { body: {} }, 'upstream_changed'],
    ['JSON that is no object', { body: '[]' }, 'upstream_changed'],
    ['no user', { body: { data: null } }, 'not_found'],
    ['an empty user', { body: { data: {} } }, 'not_found'],
    ['a user of another shape', { body: { data: { username: 'someone', fans: 5 } } }, 'upstream_changed'],
    [
      'a private user, in the answer',
      { body: { data: { username: 'someone', follower_count: 5, is_private: true } } },
      'private',
    ],
    ['a connection that is cut', { body: null }, 'transient'],
    ['no answer', { body: undefined }, 'transient'],
  ])('%s', async (_name, reply, code) => {
    vendor.answer = () => reply;
    const result = await connect().fetchProfile(ref('instagram'), options);
    expect(outcome(result)).toBe(code);
    expect(JSON.stringify(result)).not.toContain('a-secret-token');
  });

  it('repeats no token that the vendor repeats', async () => {
    vendor.answer = () => refuse(422, 'bad request: /tt/user/info?username=x&token=a-secret-token');
    expect(JSON.stringify(await connect().fetchProfile(ref('tiktok'), options))).not.toContain('a-secret-token');
  });

  it.each<[string, object, OutcomeCode]>([
    ['no user', { data: { user: null } }, 'not_found'],
    ['no field user', { data: { stats: {} } }, 'upstream_changed'],
    ['counts of another shape', { data: { user: { uniqueId: 'someone' }, stats: { fans: 5 } } }, 'upstream_changed'],
    [
      'a private user',
      { data: { user: { uniqueId: 'someone', privateAccount: true }, stats: { followerCount: 5 } } },
      'private',
    ],
    ['a stranger', { data: { user: { uniqueId: 'someone', id: '200' }, stats: { followerCount: 5 } } }, 'not_found'],
  ])('on TikTok: %s', async (_name, body, code) => {
    vendor.answer = () => ({ body });
    expect(outcome(await connect().fetchProfile(ref('tiktok', '100'), options))).toBe(code);
  });

  it('waits as long as Retry-After says, for all requests', async () => {
    vendor.answer = () => ({ ...refuse(429), headers: { 'retry-after': '42' } });
    const source = connect(100, 'key');
    expect(await source.fetchProfile(ref('tiktok'), options)).toMatchObject({ failure: { retryAfterMs: 42_000 } });
    expect(outcome(await source.fetchProfile(ref('instagram'), options))).toBe('rate_limited');
    expect(vendor.requests).toHaveLength(1);
  });
});

describe('units', () => {
  const charged = (units: number) => ({
    headers: { units_charged: String(units) },
    body: { data: { user: { uniqueId: 'someone' }, stats: { followerCount: 5 } } },
  });

  it('that are used up are not asked for again before 00:00 UTC', async () => {
    vendor.answer = () => refuse(495);
    const source = connect();
    const exhausted = { failure: { code: 'quota_exhausted', resetAt: tomorrow } };
    expect(await source.fetchProfile(ref('tiktok'), options)).toMatchObject(exhausted);
    expect(await source.fetchProfile(ref('tiktok'), options)).toMatchObject(exhausted);
    expect(vendor.requests).toHaveLength(1);
    vendor.answer = () => charged(1);
    expect(outcome(await source.fetchProfile(ref('tiktok'), { now: tomorrow }))).toBe('ok');
  });

  it('are not spent beyond the bound of a day, by what answers were charged', async () => {
    vendor.answer = () => charged(4);
    const source = connect(10);
    const results: OutcomeCode[] = [];
    for (let i = 0; i < 4; i += 1) results.push(outcome(await source.fetchProfile(ref('tiktok'), options)));
    expect(results).toEqual(['ok', 'ok', 'quota_exhausted', 'quota_exhausted']);
    expect(vendor.requests).toHaveLength(2);
  });
});

describe('a feed', () => {
  const tiktokProfile = (videoCount: number): VendorReply => ({
    body: { data: { user: { uniqueId: 'someone' }, stats: { followerCount: 5, videoCount } } },
  });

  it('of TikTok that is empty is believed when the profile has no videos', async () => {
    for (const data of [null, [], { data: null }, { data: [] }]) {
      let count = 0;
      routes({ '/tt/user/posts': () => ({ body: { data } }), '/tt/user/info': () => tiktokProfile(count) });
      expect(await connect().fetchPosts(ref('tiktok'), null, options)).toEqual({
        ok: true,
        value: { posts: [], refused: [], nextCursor: null },
      });
      count = 3;
      expect(outcome(await connect().fetchPosts(ref('tiktok'), null, options))).toBe('transient');
      expect(await connect().fetchPosts(ref('tiktok'), '5', options)).toMatchObject({ value: { nextCursor: null } });
    }
  });

  it.each<[Platform, object, OutcomeCode]>([
    ['tiktok', { data: 'none' }, 'upstream_changed'],
    ['tiktok', { data: { videos: [] } }, 'upstream_changed'],
    ['tiktok', { data: [{ aweme_id: '1', author: { unique_id: 'someone', uid: '200' } }] }, 'not_found'],
    ['instagram', { data: { medias: [] } }, 'upstream_changed'],
    ['instagram', { data: 'none' }, 'upstream_changed'],
  ])('of %s is none when it is %j', async (platform, body, code) => {
    vendor.answer = () => ({ body });
    expect(outcome(await connect().fetchPosts(ref(platform, '100'), null, options))).toBe(code);
  });

  it('of Instagram is asked for by the id that the profile has', async () => {
    routes({
      '/instagram/user/detailed-info': () => ({
        body: { data: { id: '100', username: 'someone', follower_count: 5, media_count: 0 } },
      }),
      '/instagram/user/posts': () => ({ body: { data: { posts: [] } } }),
      '/instagram/user/reels': () => ({ body: { data: { reels: null } } }),
    });
    expect(await connect().fetchPosts(ref('instagram'), null, options)).toMatchObject({ value: { posts: [] } });
    expect(vendor.requests.find(({ path }) => path.endsWith('/posts'))?.query.user_id).toBe('100');
    routes({ '/instagram/user/detailed-info': () => ({ body: { data: { username: 'someone', follower_count: 5 } } }) });
    expect(outcome(await connect().fetchPosts(ref('instagram'), null, options))).toBe('upstream_changed');
    routes({ '/instagram/user/detailed-info': () => refuse(472) });
    expect(outcome(await connect().fetchPosts(ref('instagram'), null, options))).toBe('private');
  });

  it('of Instagram refuses a cursor that is not its own', async () => {
    for (const cursor of ['x', '{}', '{"posts":5,"reels":"a"}', '[]']) {
      expect(outcome(await connect().fetchPosts(ref('instagram', '100'), cursor, options))).toBe('upstream_changed');
    }
    expect(vendor.requests).toEqual([]);
  });
});

describe('the two lists of Instagram', () => {
  const at = (day: number) => Date.UTC(2026, 0, 1) / 1000 + day * 86_400;
  /** A post of the grid of day `day`; even days are videos. */
  const node = (day: number) => ({
    node: {
      id: String(1000 + day),
      __typename: day % 2 === 0 ? 'GraphVideo' : 'GraphImage',
      taken_at_timestamp: at(day),
      video_view_count: day % 2 === 0 ? 5 : undefined,
      edge_media_preview_like: { count: day },
    },
  });
  const reel = (day: number) => ({
    media: { pk: String(1000 + day), media_type: 2, taken_at: at(day), play_count: 50 + day },
  });
  const down = (from: number, to: number, step = 1) =>
    Array.from({ length: Math.floor((from - to) / step) + 1 }, (_, i) => from - i * step);

  /** Pages of a list by cursor. */
  const pagesOf =
    (name: 'posts' | 'reels', items: readonly object[], size: number) =>
    ({ query }: VendorRequest): VendorReply => {
      const from = Number(query.start_cursor ?? 0);
      const next = from + size < items.length ? String(from + size) : null;
      return { body: { data: { [name]: items.slice(from, from + size) }, nextCursor: next } };
    };

  async function walk(source: Source) {
    const pages: [string, number | null][][] = [];
    let cursor: string | null = null;
    do {
      const page = await source.fetchPosts(ref('instagram', '100'), cursor, options);
      if (!page.ok) throw new Error(page.failure.message);
      pages.push(page.value.posts.map(({ externalId, counters: { viewCount } }) => [externalId, viewCount]));
      cursor = page.value.nextCursor;
    } while (cursor !== null && pages.length < 50);
    return pages;
  }

  it('give each post once, with displayed views for every video, and pages as deep as the grid’s', async () => {
    const days = down(40, 1);
    routes({
      '/instagram/user/posts': pagesOf('posts', days.map(node), 12),
      '/instagram/user/reels': pagesOf('reels', down(40, 2, 2).map(reel), 12),
    });
    const pages = await walk(connect());
    const all = pages.flat();
    expect(new Map(all).size).toBe(all.length);
    expect(new Map(all)).toEqual(new Map(days.map((day) => [String(1000 + day), day % 2 === 0 ? 50 + day : null])));
    // A feed that is cut after its first page has its newest twelve posts, and no older ones before them.
    expect(new Set(pages[0]?.map(([id]) => id))).toEqual(new Set(down(40, 29).map((day) => String(1000 + day))));
    expect(paths().filter((path) => path.endsWith('/reels'))).toHaveLength(2);
  });

  it('give reels that are not in the grid, and videos that are in the grid alone without the legacy number', async () => {
    routes({
      '/instagram/user/posts': pagesOf('posts', [6, 5, 4, 3].map(node), 12),
      '/instagram/user/reels': pagesOf('reels', [20, 18, 16, 6].map(reel), 12),
    });
    expect(new Map((await walk(connect())).flat())).toEqual(
      new Map([
        ['1020', 70],
        ['1018', 68],
        ['1016', 66],
        ['1006', 56],
        ['1005', null],
        ['1004', null],
        ['1003', null],
      ]),
    );
  });

  it('end each in its own time', async () => {
    routes({
      '/instagram/user/posts': pagesOf('posts', [9].map(node), 12),
      '/instagram/user/reels': pagesOf('reels', down(40, 2, 2).map(reel), 6),
    });
    expect(new Map((await walk(connect())).flat()).size).toBe(21);
  });

  it('keep the pins of the grid', async () => {
    const pinned = { node: { ...node(2).node, pinned_for_users: [{ id: '1' }] } };
    routes({
      '/instagram/user/posts': pagesOf('posts', [pinned, node(8), node(7)], 12),
      '/instagram/user/reels': pagesOf('reels', [8, 2].map(reel), 12),
    });
    const page = await connect().fetchPosts(ref('instagram', '100'), null, options);
    expect(page.ok && page.value.posts.map(({ externalId, isPinned }) => [externalId, isPinned])).toEqual([
      ['1008', false],
      ['1002', true],
      ['1007', false],
    ]);
  });

  it('give an old pinned video its displayed views on the page that shows it', async () => {
    const pinned = { node: { ...node(2).node, pinned_for_users: [{ id: '1' }] } };
    routes({
      '/instagram/user/posts': pagesOf('posts', [pinned, ...down(30, 3).map(node)], 6),
      '/instagram/user/reels': pagesOf('reels', down(30, 2, 2).map(reel), 20),
    });
    const [first] = await walk(connect());
    expect(first).toContainEqual(['1002', 52]);
  });

  it('are none when one of them fails', async () => {
    routes({ '/instagram/user/posts': pagesOf('posts', [node(2)], 12), '/instagram/user/reels': () => refuse(500) });
    expect(outcome(await connect().fetchPosts(ref('instagram', '100'), null, options))).toBe('transient');
  });
});

describe('a renamed profile of Instagram', () => {
  it('is found under its new name by its id', async () => {
    routes({
      '/instagram/user/detailed-info': ({ query }) =>
        query.username === 'renamed'
          ? { body: { data: { id: '100', username: 'renamed', follower_count: 5 } } }
          : refuse(473),
      '/instagram/user/basic-info': ({ query }) =>
        query.user_id === '100' ? { body: { data: { username: 'Renamed' } } } : refuse(473),
    });
    expect(await connect().fetchProfile(ref('instagram', '100'), options)).toMatchObject({
      value: { username: 'renamed' },
    });
    expect(outcome(await connect().fetchProfile(ref('instagram', '300'), options))).toBe('not_found');
    expect(outcome(await connect().fetchProfile(ref('instagram'), options))).toBe('not_found');
  });

  it('does not lend its old name to a stranger', async () => {
    routes({
      '/instagram/user/detailed-info': () => ({
        body: { data: { id: '200', username: 'someone', follower_count: 5 } },
      }),
      '/instagram/user/basic-info': () => ({ body: { data: { username: 'someone' } } }),
    });
    expect(outcome(await connect().fetchProfile(ref('instagram', '100'), options))).toBe('not_found');
  });
});

describe('a single post', () => {
  const instagram: PostRef = {
    platform: 'instagram',
    externalId: '3540614075954356349',
    shortcode: null,
    authorUsername: null,
  };
  const tiktok: PostRef = {
    platform: 'tiktok',
    externalId: '7470969622276164906',
    shortcode: null,
    authorUsername: 'a',
  };

  it.each<[string, PostRef, VendorReply, OutcomeCode]>([
    ['not found', instagram, refuse(473), 'removed_post'],
    ['restricted', instagram, refuse(520), 'restricted'],
    ['nothing', instagram, { body: { data: null } }, 'removed_post'],
    ['empty', instagram, { body: { data: {} } }, 'removed_post'],
    ['a list', instagram, { body: { data: [] } }, 'upstream_changed'],
    ['another one', instagram, { body: { data: { id: '5' } } }, 'upstream_changed'],
    ['there', instagram, { body: { data: { id: '3540614075954356349' } } }, 'ok'],
    ['of no media id', { ...instagram, externalId: 'x' }, { body: {} }, 'removed_post'],
    ['not found', tiktok, refuse(473), 'removed_post'],
    ['nothing', tiktok, { body: { data: null } }, 'removed_post'],
    ['an empty list', tiktok, { body: { data: [] } }, 'removed_post'],
    ['text', tiktok, { body: { data: 'gone' } }, 'upstream_changed'],
    ['another one', tiktok, { body: { data: [{ aweme_id: '5' }] } }, 'upstream_changed'],
    ['there', tiktok, { body: { data: { aweme_id: '7470969622276164906', video: {} } } }, 'ok'],
  ])('%s', async (_name, post, reply, code) => {
    vendor.answer = () => reply;
    const result = await connect().fetchPost?.(post, options);
    expect(result && outcome(result)).toBe(code);
  });
});
