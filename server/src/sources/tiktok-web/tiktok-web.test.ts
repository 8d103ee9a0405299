import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  startVendorServer,
  type VendorReply,
  type VendorRequest,
  type VendorServer,
} from '../../../test/support/vendor-server.ts';
import { noCounters } from '../payloads/normalised.ts';
import type { OutcomeCode, PostRef, ProfileRef, Result, Source } from '../source.ts';
import { createTiktokWeb } from './connector.ts';
import { createDeviceId } from './device-id.ts';
import { tiktokWebManifest } from './manifest.ts';

// No page of tiktok.com is recorded: all are made up after the description of their fields. The counts are those that were captured of one profile.

const options = { now: new Date('2026-11-05T10:00:00Z') };
const ref: ProfileRef = { platform: 'tiktok', username: 'someone', platformProfileId: null };
const outcome = (result: Result<unknown>): OutcomeCode => (result.ok ? 'ok' : result.failure.code);
const secUid = `MS4wLjABAAAA${'a'.repeat(64)}`;
const feedPath = '/api/creator/item_list/';

const user = {
  id: '6659752019493208069',
  uniqueId: 'Someone',
  nickname: 'Some One',
  signature: 'hello',
  verified: true,
  secUid,
  privateAccount: false,
  bioLink: { link: 'https://someone.example' },
  avatarLarger: 'https://cdn.example/a.jpg',
};
const stats = { followerCount: 4000000, followingCount: 74, heartCount: 77600000, videoCount: 2017 };
const statsV2 = { followerCount: '4001943', followingCount: '74', heartCount: '77615151', videoCount: '2017' };
const userInfo = { user, stats, statsV2 };

const item = (id: string, createTime: number, more: object = {}) => ({
  id,
  desc: 'a caption',
  createTime: String(createTime),
  author: { id: user.id, uniqueId: 'Someone' },
  stats: { playCount: 15000000, diggCount: 1000, commentCount: 3, shareCount: 4, collectCount: '17' },
  statsV2: {
    playCount: '15012345',
    diggCount: '1000',
    commentCount: '3',
    shareCount: '4',
    collectCount: '17',
    repostCount: '1',
  },
  video: { duration: 33, cover: 'https://cdn.example/c.jpg' },
  ...more,
});

const html = { 'content-type': 'text/html' };
const page = (scope: object): VendorReply => ({
  headers: html,
  body: `<html><script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">${JSON.stringify({ __DEFAULT_SCOPE__: scope })}</script></html>`,
});
const profilePage = (detail: object): VendorReply => page({ 'webapp.user-detail': detail });
const videoPage = (detail: object): VendorReply => page({ 'webapp.video-detail': detail });

let vendor: VendorServer;
const opened: Source[] = [];

function connect(): Source {
  const limits = {
    ...tiktokWebManifest.limits,
    requestTimeoutMs: 150,
    retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 2, budgetPercent: 100 },
    breaker: { failures: 1000, halfOpenAfterMs: 1 },
    pace: { intervalMs: 1, jitterMs: 0 },
  };
  const source = createTiktokWeb({ manifest: { ...tiktokWebManifest, limits }, baseUrl: vendor.url });
  opened.push(source);
  return source;
}

const answers = (
  feed: (request: VendorRequest) => VendorReply,
  profile: VendorReply = profilePage({ statusCode: 0, userInfo }),
): void => {
  vendor.answer = (request) => (request.path === feedPath ? feed(request) : profile);
};
const cursors = () => vendor.requests.filter(({ path }) => path === feedPath).map(({ query }) => Number(query.cursor));

beforeAll(async () => {
  vendor = await startVendorServer(() => ({}));
});

afterEach(async () => {
  vendor.requests.length = 0;
  await Promise.all(opened.splice(0).map((source) => source.close()));
});

afterAll(() => vendor.close());

/** Whatever is asked for may be met by these. */
const walls: [string, VendorReply, OutcomeCode][] = [
  ['a captcha in a header', { headers: { 'bdturing-verify': '{}' }, body: '' }, 'challenge'],
  ['a proof-of-work page', { headers: html, body: '<html><title>Please wait...</title><p id="cs"></p>' }, 'challenge'],
  [
    'a proof-of-work cookie',
    { headers: html, body: '<html><script>document.cookie="_wafchallengeid=1"</script>' },
    'challenge',
  ],
  [
    'a redirect to the login',
    { status: 302, headers: { location: 'https://www.tiktok.com/login?x=1' }, body: '' },
    'challenge',
  ],
  ['a redirect home', { status: 302, headers: { location: 'https://www.tiktok.com/' }, body: '' }, 'blocked'],
  ['403', { status: 403, headers: html, body: '<html>Access Denied</html>' }, 'blocked'],
  ['an empty answer', { body: '' }, 'rate_limited'],
  ['429', { status: 429, body: '' }, 'rate_limited'],
  ['a server error', { status: 503, body: '' }, 'transient'],
  ['a connection that is cut', { body: null }, 'transient'],
  ['no answer', { body: undefined }, 'transient'],
];

describe('a profile of tiktok.com', () => {
  it('has the exact numbers of the page, not the rounded ones beside them', async () => {
    answers(() => ({}));
    expect(await connect().fetchProfile(ref, options)).toEqual({
      ok: true,
      value: {
        platformProfileId: '6659752019493208069',
        username: 'someone',
        name: 'Some One',
        description: 'hello',
        linkInBio: 'https://someone.example',
        profilePicUrl: 'https://cdn.example/a.jpg',
        isVerified: true,
        isPrivate: false,
        followerCount: 4001943,
        followingCount: 74,
        postCount: 2017,
        precision: 'exact',
      },
    });
    expect(vendor.requests).toMatchObject([
      { path: '/@someone', headers: { 'user-agent': expect.stringContaining('Tallyline') } },
    ]);
    expect(vendor.requests[0]?.headers.cookie).toBeUndefined();
  });

  it('says so when the rounded numbers are all there is', async () => {
    answers(() => ({}), profilePage({ userInfo: { user, stats } }));
    expect(await connect().fetchProfile(ref, options)).toMatchObject({
      value: { followerCount: 4000000, precision: 'rounded' },
    });
  });

  it.each<[string, VendorReply, OutcomeCode]>([
    ...walls,
    ['not found, by its old code', profilePage({ statusCode: 10202 }), 'not_found'],
    ['not found', profilePage({ statusCode: 10221 }), 'not_found'],
    ['banned', profilePage({ statusCode: 10223 }), 'not_found'],
    ['private', profilePage({ statusCode: 10222, userInfo }), 'private'],
    [
      'private, by its flag',
      profilePage({ userInfo: { ...userInfo, user: { ...user, privateAccount: true } } }),
      'private',
    ],
    ['locked to a region', profilePage({ statusCode: 10231 }), 'restricted'],
    ['unavailable', profilePage({ statusCode: 10204 }), 'restricted'],
    ['a captcha, by its code', profilePage({ statusCode: 10000 }), 'challenge'],
    ['an unknown code', profilePage({ statusCode: 7 }), 'transient'],
    ['no user', profilePage({ userInfo: { user: null } }), 'not_found'],
    ['an empty user', profilePage({ userInfo: { user: {} } }), 'not_found'],
    ['no userInfo', profilePage({ statusCode: 0 }), 'upstream_changed'],
    ['another shape', profilePage({ userInfo: { user: { uniqueId: 'a' }, stats: { fans: 5 } } }), 'upstream_changed'],
    ['no detail', page({}), 'upstream_changed'],
    ['a page without data', { headers: html, body: '<html>hello</html>' }, 'upstream_changed'],
    [
      'a page with damaged data',
      { headers: html, body: '<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__">{"a":</script>' },
      'upstream_changed',
    ],
    [
      'a page that was not filled',
      profilePage({
        userInfo: { user, stats: { ...stats, followerCount: 0, followingCount: 0, heartCount: 0, videoCount: 0 } },
      }),
      'transient',
    ],
    [
      'a stranger with this handle',
      profilePage({ userInfo: { ...userInfo, user: { ...user, id: '200' } } }),
      'not_found',
    ],
    ['a page of another status', { status: 410, body: '' }, 'upstream_changed'],
  ])('%s', async (_name, reply, code) => {
    answers(() => ({}), reply);
    expect(outcome(await connect().fetchProfile({ ...ref, platformProfileId: user.id }, options))).toBe(code);
  });

  it('that was renamed is found by its id, in one refresh with its feed', async () => {
    const known = { ...ref, platformProfileId: user.id };
    const renamed = profilePage({ userInfo: { ...userInfo, user: { ...user, uniqueId: 'renamed' } } });
    const noMore: VendorReply = { body: { itemList: [item('9', 1739470683)], hasMorePrevious: false } };
    vendor.answer = ({ path }) =>
      path === feedPath ? noMore : path === `/@${user.id}` ? renamed : profilePage({ statusCode: 10221 });
    const source = connect();
    expect(await source.fetchProfile(known, options)).toMatchObject({ value: { username: 'renamed' } });
    expect(await source.fetchPosts({ ...known, username: 'renamed' }, null, options)).toMatchObject({
      value: { posts: [{}] },
    });
    expect(vendor.requests.map(({ path }) => path)).toEqual(['/@someone', `/@${user.id}`, feedPath]);
    expect(outcome(await source.fetchProfile(ref, options))).toBe('not_found');
    expect(outcome(await source.fetchProfile({ ...known, platformProfileId: '300' }, options))).toBe('not_found');
  });

  it('behind a wall holds back all requests, and that of one account nobody', async () => {
    const source = connect();
    answers(() => ({}), profilePage({ statusCode: 10222 }));
    await source.fetchProfile(ref, options);
    answers(() => ({}), profilePage({ statusCode: 10000 }));
    expect(outcome(await source.fetchProfile(ref, options))).toBe('challenge');
    expect(await source.fetchProfile(ref, options)).toMatchObject({
      failure: { code: 'rate_limited', message: expect.stringContaining('not asked') },
    });
    expect(vendor.requests).toHaveLength(2);
  });
});

describe('a feed of tiktok.com', () => {
  const day = 86_400;
  const nowS = options.now.getTime() / 1000;

  it('is read with what the profile of the same refresh told, exact numbers first', async () => {
    answers(() => ({ body: { itemList: [item('7470969622276164906', 1739470683)], hasMorePrevious: false } }));
    const source = connect();
    await source.fetchProfile(ref, options);
    expect(await source.fetchPosts(ref, null, options)).toEqual({
      ok: true,
      value: {
        posts: [
          {
            externalId: '7470969622276164906',
            shortcode: null,
            createTime: new Date('2025-02-13T18:18:03Z'),
            caption: 'a caption',
            mediaType: 'video',
            durationSeconds: 33,
            coverImageUrl: 'https://cdn.example/c.jpg',
            videoUrl: null,
            isPinned: false,
            viewKind: 'displayed',
            precision: 'exact',
            counters: {
              ...noCounters,
              viewCount: 15012345,
              playCount: 15012345,
              likeCount: 1000,
              commentCount: 3,
              shareCount: 4,
              savedCount: 17,
            },
          },
        ],
        refused: [],
        nextCursor: null,
      },
    });
    expect(vendor.requests).toHaveLength(2);
    expect(vendor.requests[1]?.query).toMatchObject({
      secUid,
      count: '15',
      type: '1',
      aid: '1988',
      cursor: String(options.now.getTime()),
      device_id: expect.stringMatching(/^7[23]\d{17}$/),
    });
  });

  it('goes on from its oldest post, and a week further back where nothing was posted', async () => {
    const pages: VendorReply[] = [
      {
        body: {
          itemList: [
            item('9', nowS - day),
            item('8', nowS - 2 * day),
            item('1', nowS - 900 * day, { isPinnedItem: true }),
          ],
          hasMorePrevious: true,
        },
      },
      { body: { itemList: [], hasMorePrevious: true } },
      { body: { hasMorePrevious: true } },
      { body: { itemList: [item('7', nowS - 20 * day)], hasMorePrevious: false } },
    ];
    answers(() => pages.shift() ?? {});
    const source = connect();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const result = await source.fetchPosts(ref, cursor, options);
      if (!result.ok) throw new Error(result.failure.message);
      seen.push(...result.value.posts.map(({ externalId }) => externalId));
      cursor = result.value.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['9', '8', '1', '7']);
    expect(cursors().map((ms) => (options.now.getTime() - ms) / 1000 / day)).toEqual([0, 2, 9, 16]);
  });

  it('ends before there was TikTok, whatever it announces', async () => {
    answers(() => ({ body: { itemList: [], hasMorePrevious: true } }));
    expect(await connect().fetchPosts(ref, `${secUid}:1472800000000`, options)).toMatchObject({
      value: { nextCursor: null },
    });
  });

  it('that stands still is asked for with another device', async () => {
    answers(() => ({ body: { itemList: [item('9', nowS - day)], hasMorePrevious: true } }));
    const source = connect();
    const older = `${secUid}:${options.now.getTime() - 30 * day * 1000}`;
    expect(outcome(await source.fetchPosts(ref, older, options))).toBe('transient');
    await source.fetchPosts(ref, older, options);
    const devices = vendor.requests.map(({ query }) => query.device_id);
    expect(new Set(devices).size).toBe(2);
  });

  it('that is empty is believed when the profile has no videos', async () => {
    const noVideos = { user, statsV2: { ...statsV2, videoCount: '0' } };
    answers(() => ({ body: { itemList: [], hasMorePrevious: false } }), profilePage({ userInfo: noVideos }));
    expect(await connect().fetchPosts(ref, null, options)).toMatchObject({ value: { posts: [], nextCursor: null } });
    expect(cursors()).toEqual([]);
    answers(() => ({ body: { itemList: null, hasMorePrevious: false } }));
    expect(outcome(await connect().fetchPosts(ref, null, options))).toBe('transient');
    expect(await connect().fetchPosts(ref, `${secUid}:1700000000000`, options)).toMatchObject({ value: { posts: [] } });
  });

  it.each<[string, VendorReply, OutcomeCode]>([
    ...walls,
    ['a captcha, by its code', { body: { statusCode: 10000, type: 'verify' } }, 'challenge'],
    ['private', { body: { statusCode: 10222 } }, 'private'],
    ['truncated JSON', { body: '{"itemList":[' }, 'transient'],
    ['no list', { body: {} }, 'upstream_changed'],
    ['JSON that is no object', { body: '[]' }, 'upstream_changed'],
  ])('%s', async (_name, reply, code) => {
    answers(() => reply);
    expect(outcome(await connect().fetchPosts(ref, null, options))).toBe(code);
  });

  it('of a profile that cannot be read is none', async () => {
    answers(() => ({}), profilePage({ statusCode: 10221 }));
    expect(outcome(await connect().fetchPosts(ref, null, options))).toBe('not_found');
    answers(() => ({}), profilePage({ userInfo: { ...userInfo, user: { ...user, secUid: '' } } }));
    expect(outcome(await connect().fetchPosts(ref, null, options))).toBe('upstream_changed');
    for (const cursor of ['x', 'a:1', `${secUid}:x`, `${secUid}/../x:1700000000000`]) {
      expect(outcome(await connect().fetchPosts(ref, cursor, options))).toBe('upstream_changed');
    }
  });

  it('keeps aside what is not for everybody, and knows slideshows and pins', async () => {
    const slides = { imagePost: { images: [{}, {}] }, video: { duration: 0 }, isPinnedItem: true };
    const itemList = [
      item('1', 1739470683, { privateItem: true }),
      item('2', 1739470683, { secret: true }),
      item('3', 1739470683, { takeDown: 1 }),
      item('4', 1739470683, { isContentClassified: true, video: undefined }),
      { desc: 'no id' },
      item('6', 1739470683, slides),
      item('7', 1739470683, { statsV2: undefined, isContentClassified: true }),
    ];
    answers(() => ({ body: { itemList, hasMorePrevious: false } }));
    expect(await connect().fetchPosts(ref, null, options)).toMatchObject({
      value: {
        posts: [
          { externalId: '6', mediaType: 'carousel', durationSeconds: null, isPinned: true, precision: 'exact' },
          { externalId: '7', precision: 'rounded', counters: { viewCount: 15000000, savedCount: 17 } },
        ],
        refused: [
          { externalId: '1', reason: 'a private post' },
          { externalId: '2', reason: 'a private post' },
          { externalId: '3', reason: 'a post that was taken down' },
          { externalId: '4', reason: 'a post behind a login' },
          { externalId: null, reason: 'a post without an id' },
        ],
      },
    });
  });
});

describe('a single post of tiktok.com', () => {
  const post: PostRef = {
    platform: 'tiktok',
    externalId: '7463250363559218474',
    shortcode: null,
    authorUsername: null,
  };
  const found = (more: object = {}): VendorReply =>
    videoPage({ itemInfo: { itemStruct: item('7463250363559218474', 1737673396, more) } });

  it('is read from its page', async () => {
    vendor.answer = () => found();
    expect(await connect().fetchPost?.(post, options)).toMatchObject({
      ok: true,
      value: {
        author: { platformProfileId: user.id, username: 'someone' },
        post: { externalId: '7463250363559218474', counters: { viewCount: 15012345 }, precision: 'exact' },
      },
    });
    expect(vendor.requests[0]?.path).toBe('/@_/video/7463250363559218474');
  });

  it.each<[string, VendorReply, OutcomeCode]>([
    ...walls,
    ['unavailable, or not for this address', videoPage({ statusCode: 10204 }), 'removed_post'],
    ['of nobody', videoPage({ statusCode: 10221 }), 'removed_post'],
    ['private', videoPage({ statusCode: 10216 }), 'private'],
    ['of a private account', videoPage({ statusCode: 10222 }), 'private'],
    ['locked to a region', videoPage({ statusCode: 10231 }), 'restricted'],
    ['private, by its flag', found({ privateItem: true }), 'private'],
    ['taken down', found({ takeDown: true }), 'removed_post'],
    ['behind a login', found({ isContentClassified: true, video: undefined }), 'restricted'],
    ['nothing', videoPage({ itemInfo: { itemStruct: null } }), 'removed_post'],
    ['empty', videoPage({ itemInfo: {} }), 'removed_post'],
    ['no itemInfo', videoPage({}), 'upstream_changed'],
    ['another one', videoPage({ itemInfo: { itemStruct: item('5', 1) } }), 'upstream_changed'],
    ['a photo page, which has no data', page({}), 'upstream_changed'],
  ])('%s', async (_name, reply, code) => {
    vendor.answer = () => reply;
    const result = await connect().fetchPost?.(post, options);
    expect(result && outcome(result)).toBe(code);
  });
});

describe('the id of a device', () => {
  it('is a number of 19 digits in the span that is taken', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const id = BigInt(createDeviceId(() => random).current());
        expect(id >= 7_250_000_000_000_000_000n && id < 7_325_000_000_000_000_000n).toBe(true);
      }),
    );
  });
});
