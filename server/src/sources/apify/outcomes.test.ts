import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeApify, type RunStory, startFakeApify, succeeded } from '../../../test/support/fake-apify.ts';
import type { VendorReply } from '../../../test/support/vendor-server.ts';
import type { OutcomeCode, Platform, PostRef, ProfileRef, Result, Source } from '../source.ts';
import { createApify } from './connector.ts';
import { apifyManifest } from './manifest.ts';

// Answers of Apify's platform, and items that say what went wrong, are made up after the vendor's description: none are recorded.

const options = { now: new Date('2026-11-05T00:00:00Z') };
const later = (minutes: number) => ({ now: new Date(options.now.getTime() + minutes * 60_000) });
const outcome = (result: Result<unknown>): OutcomeCode => (result.ok ? 'ok' : result.failure.code);
const refuse = (status: number, type: string, message = 'said by Apify'): VendorReply => ({
  status,
  body: { error: { type, message } },
});

let apify: FakeApify;
const opened: Source[] = [];

interface Changed {
  monthlyUsd?: number;
  concurrency?: number;
  withReels?: boolean;
  runTimeoutMs?: number;
}

function connect({ monthlyUsd = 100, concurrency = 4, withReels = false, runTimeoutMs = 5000 }: Changed = {}): Source {
  const limits = {
    ...apifyManifest.limits,
    concurrency,
    requestTimeoutMs: 200,
    retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 2, budgetPercent: 100 },
    breaker: { failures: 1000, halfOpenAfterMs: 1 },
    patienceMs: 0,
  };
  const source = createApify({
    manifest: { ...apifyManifest, limits },
    baseUrl: apify.url,
    token: 'a-secret-token',
    monthlyUsd,
    usdPerResult: 0.002,
    reach: { posts: 10, maxPosts: 100, withReels },
    patience: { runTimeoutMs, waitForFinishS: 1, pollMs: 1 },
  });
  opened.push(source);
  return source;
}

const ref = (platform: Platform, platformProfileId: string | null = null): ProfileRef => ({
  platform,
  username: 'someone',
  platformProfileId,
});

const profile = { id: '100', username: 'someone', followersCount: 5, postsCount: 7 };
const post = { id: '3540614075954356349', type: 'Image', timestamp: '2026-10-01T00:00:00.000Z', likesCount: 9 };
const video = {
  id: '7470969622276164906',
  createTime: 1739470683,
  playCount: 5,
  authorMeta: { id: '100', name: 'someone', fans: 5, video: 1 },
};

const story = (answer: RunStory | VendorReply | ((actor: string) => RunStory | VendorReply)): void => {
  apify.story = ({ actor }) => (typeof answer === 'function' ? answer(actor) : answer);
};

beforeAll(async () => {
  apify = await startFakeApify();
});

afterEach(async () => {
  apify.started.length = 0;
  apify.aborted.length = 0;
  apify.requests.length = 0;
  apify.instead = null;
  apify.books = { spentUsd: 0, limitUsd: 300, endsAt: '2026-11-30T23:59:59.999Z' };
  await Promise.all(opened.splice(0).map((source) => source.close()));
});

afterAll(() => apify.close());

describe('what can go wrong at Apify', () => {
  it.each<[string, VendorReply, OutcomeCode]>([
    ['a bad token', refuse(401, 'token-not-valid'), 'auth_expired'],
    ['no money', refuse(402, 'not-enough-usage-to-run-paid-actor'), 'insufficient_credit'],
    ['no money, without a word', { status: 402, body: {} }, 'insufficient_credit'],
    ['a used-up month', refuse(403, 'monthly-usage-hard-limit-exceeded'), 'insufficient_credit'],
    ['too many runs at once', refuse(402, 'actor-memory-limit-exceeded'), 'rate_limited'],
    ['a token that may not do this', refuse(403, 'insufficient-permissions'), 'permission_missing'],
    ['a wrong actor', refuse(404, 'record-or-token-not-found'), 'upstream_changed'],
    ['a refused input', refuse(400, 'invalid-input'), 'upstream_changed'],
    ['a time-out of its own', refuse(408, 'run-timeout-exceeded'), 'transient'],
    ['too many requests', refuse(429, 'rate-limit-exceeded'), 'rate_limited'],
    ['a server error', refuse(500, 'internal-server-error'), 'transient'],
    ['a page of the proxy before it', { status: 502, body: '<html>Bad gateway</html>' }, 'transient'],
    ['truncated JSON', { body: '{"data":{"id":"r' }, 'transient'],
    ['no data', { body: {} }, 'upstream_changed'],
    ['no run', { body: { data: { status: 'READY' } } }, 'upstream_changed'],
    [
      'an id that would leave its path',
      { body: { data: { id: '../x', status: 'READY', defaultDatasetId: 'a' } } },
      'upstream_changed',
    ],
    ['a connection that is cut', { body: null }, 'transient'],
    ['no answer', { body: undefined }, 'transient'],
  ])('%s', async (_name, reply, code) => {
    story(reply);
    const result = await connect().fetchProfile(ref('instagram'), options);
    expect(outcome(result)).toBe(code);
    expect(JSON.stringify(result)).not.toContain('a-secret-token');
    // A start is paid for: it is never repeated by itself.
    expect(apify.started).toHaveLength(1);
  });

  it('waits as long as Retry-After says, for all runs', async () => {
    story({ ...refuse(429, 'rate-limit-exceeded'), headers: { 'retry-after': '42' } });
    const source = connect();
    expect(await source.fetchProfile(ref('tiktok'), options)).toMatchObject({ failure: { retryAfterMs: 42_000 } });
    expect(outcome(await source.fetchProfile(ref('instagram'), options))).toBe('rate_limited');
    expect(apify.started).toHaveLength(1);
  });
});

describe('a run', () => {
  it('is waited for until it has succeeded', async () => {
    story(succeeded([profile], { statuses: ['READY', 'RUNNING', 'RUNNING', 'SUCCEEDED'] }));
    expect(outcome(await connect().fetchProfile(ref('instagram'), options))).toBe('ok');
    expect(apify.requests.filter(({ path }) => path.startsWith('/actor-runs/'))).toHaveLength(4);
    expect(apify.aborted).toEqual([]);
  });

  it.each(['FAILED', 'ABORTED', 'TIMED-OUT'])(
    'that ends with %s leaves a partial dataset, which is not read',
    async (end) => {
      story({ statuses: ['RUNNING', end], items: [profile] });
      const result = await connect().fetchProfile(ref('instagram'), options);
      expect(result).toMatchObject({
        failure: { code: 'transient', message: expect.stringContaining('partial dataset') },
      });
      expect(apify.requests.some(({ path }) => path.startsWith('/datasets/'))).toBe(false);
    },
  );

  it('that reached its cap is discarded, too, though it calls itself a success', async () => {
    story(succeeded([profile], { usageTotalUsd: 0.056 }));
    const result = await connect().fetchProfile(ref('instagram'), options);
    expect(outcome(result)).toBe('insufficient_credit');
    expect(apify.started[0]?.query.maxTotalChargeUsd).toBe('0.056');
  });

  it('is believed to be whole when all its items came, over as many pages as they take', async () => {
    const videos = Array.from({ length: 1001 }, (_, i) => ({ ...video, id: String(7470969622276164906n + BigInt(i)) }));
    story(succeeded(videos));
    const result = await connect().fetchPosts(ref('tiktok'), null, options);
    expect(result.ok && result.value.posts).toHaveLength(1001);
    story(succeeded([video], { total: 2 }));
    expect(outcome(await connect().fetchPosts(ref('tiktok'), null, options))).toBe('transient');
  });

  it('that takes too long is stopped', async () => {
    story({ statuses: ['RUNNING'], items: [profile] });
    expect(outcome(await connect({ runTimeoutMs: 20 }).fetchProfile(ref('instagram'), options))).toBe('transient');
    expect(apify.aborted).toHaveLength(1);
  });

  it('that nobody waits for any more is stopped', async () => {
    const gone = new AbortController();
    story({ statuses: ['RUNNING'], items: [profile] });
    apify.instead = ({ path }) => {
      if (path.startsWith('/actor-runs/') && !path.endsWith('/abort')) gone.abort();
      return null;
    };
    const result = await connect().fetchProfile(ref('instagram'), { ...options, signal: gone.signal });
    expect(outcome(result)).toBe('transient');
    expect(apify.aborted).toHaveLength(1);
  });

  it('goes on while a look at it fails, and is given up after three in a row', async () => {
    const failure = { status: 500, body: '' };
    // Each look is tried twice.
    story(succeeded([profile], { statuses: ['RUNNING', failure, failure, failure, failure, 'SUCCEEDED'] }));
    expect(outcome(await connect().fetchProfile(ref('instagram'), options))).toBe('ok');
    story(succeeded([profile], { statuses: [failure] }));
    expect(outcome(await connect().fetchProfile(ref('instagram'), options))).toBe('transient');
    expect(apify.aborted).toHaveLength(1);
    story(succeeded([profile], { statuses: [refuse(401, 'token-not-valid')] }));
    expect(outcome(await connect().fetchProfile(ref('instagram'), options))).toBe('auth_expired');
  });

  it('has no more beside it than allowed', async () => {
    let running = 0;
    let most = 0;
    story(() => {
      running += 1;
      most = Math.max(most, running);
      return succeeded([profile], { statuses: ['RUNNING', 'RUNNING', 'SUCCEEDED'] });
    });
    apify.instead = ({ path }) => {
      if (path.startsWith('/datasets/')) running -= 1;
      return null;
    };
    const source = connect({ concurrency: 2 });
    await Promise.all(Array.from({ length: 6 }, () => source.fetchProfile(ref('instagram'), options)));
    expect(apify.started).toHaveLength(6);
    expect(most).toBe(2);
  });
});

describe('the monthly cap', () => {
  it('is heeded before a run is started, by the books of the account', async () => {
    apify.books.spentUsd = 4.95;
    story(succeeded([profile]));
    expect(await connect({ monthlyUsd: 5 }).fetchProfile(ref('instagram'), options)).toMatchObject({
      failure: { code: 'quota_exhausted', resetAt: new Date('2026-11-30T23:59:59Z') },
    });
    expect(apify.started).toEqual([]);
  });

  it("is the account's own where that is lower", async () => {
    apify.books = { ...apify.books, spentUsd: 1, limitUsd: 1 };
    expect(outcome(await connect().fetchProfile(ref('instagram'), options))).toBe('quota_exhausted');
    apify.books = { ...apify.books, limitUsd: null };
    story(succeeded([profile]));
    expect(outcome(await connect().fetchProfile(ref('instagram'), options))).toBe('ok');
  });

  it('counts what is set aside for runs under way', async () => {
    story(succeeded([profile], { statuses: ['RUNNING', 'SUCCEEDED'] }));
    // Each run may cost 0.056.
    const source = connect({ monthlyUsd: 0.12 });
    const results = await Promise.all([1, 2, 3].map(() => source.fetchProfile(ref('instagram'), options)));
    expect(results.map(outcome)).toEqual(['ok', 'ok', 'quota_exhausted']);
    expect(apify.started).toHaveLength(2);
  });

  it('counts what was spent from here while the books lag behind, and what nobody knows as all that was set aside', async () => {
    story(succeeded([profile], { usageTotalUsd: 0.03 }));
    const source = connect({ monthlyUsd: 0.1 });
    expect(outcome(await source.fetchProfile(ref('instagram'), options))).toBe('ok');
    expect(outcome(await source.fetchProfile(ref('instagram'), later(30)))).toBe('ok');
    // 0.06 of 0.10 are gone, whatever the books say.
    expect(outcome(await source.fetchProfile(ref('instagram'), later(60)))).toBe('quota_exhausted');
    story({ body: null });
    const unlucky = connect({ monthlyUsd: 0.1 });
    expect(outcome(await unlucky.fetchProfile(ref('instagram'), options))).toBe('transient');
    expect(outcome(await unlucky.fetchProfile(ref('instagram'), options))).toBe('quota_exhausted');
  });

  it('gives back what a refused start did not cost', async () => {
    story(refuse(400, 'invalid-input'));
    const source = connect({ monthlyUsd: 0.06 });
    expect(outcome(await source.fetchProfile(ref('instagram'), options))).toBe('upstream_changed');
    expect(outcome(await source.fetchProfile(ref('instagram'), options))).toBe('upstream_changed');
  });

  it('starts anew with the month', async () => {
    apify.books.spentUsd = 5;
    const source = connect({ monthlyUsd: 5 });
    story(succeeded([profile]));
    expect(outcome(await source.fetchProfile(ref('instagram'), options))).toBe('quota_exhausted');
    apify.books = { spentUsd: 0, limitUsd: 300, endsAt: '2026-12-31T23:59:59.999Z' };
    const december = { now: new Date('2026-12-01T00:00:00Z') };
    expect(outcome(await source.fetchProfile(ref('instagram'), december))).toBe('ok');
  });

  it.each<[string, VendorReply, OutcomeCode]>([
    ['that the token may not read', refuse(403, 'insufficient-permissions'), 'permission_missing'],
    ['without a number', { body: { data: { current: {} } } }, 'upstream_changed'],
    ['that do not come', { body: null }, 'transient'],
  ])('stops spending with books %s', async (_name, reply, code) => {
    apify.instead = ({ path }) => (path === '/users/me/limits' ? reply : null);
    expect(outcome(await connect().fetchProfile(ref('instagram'), options))).toBe(code);
    expect(apify.started).toEqual([]);
  });

  it('reads the books once in ten minutes, however many ask', async () => {
    story(succeeded([profile]));
    const source = connect();
    await Promise.all([1, 2, 3].map(() => source.fetchProfile(ref('instagram'), options)));
    await source.fetchProfile(ref('instagram'), later(9));
    const looks = () => apify.requests.filter(({ path }) => path === '/users/me/limits').length;
    expect(looks()).toBe(1);
    await source.fetchProfile(ref('instagram'), later(10));
    expect(looks()).toBe(2);
  });
});

describe('what a dataset says', () => {
  it.each<[string, Platform, unknown[], OutcomeCode]>([
    ['nothing', 'instagram', [], 'not_found'],
    ['nothing', 'tiktok', [], 'not_found'],
    ['not found', 'instagram', [{ error: 'not_found', errorDescription: 'Post does not exist' }], 'not_found'],
    ['nothing to show', 'instagram', [{ error: 'no_items', errorDescription: 'Empty or private data' }], 'not_found'],
    ['no videos', 'tiktok', [{ error: 'no_items' }], 'unsupported_account'],
    ['not found, or private', 'tiktok', [{ error: 'Profile not found or private', input: 'someone' }], 'not_found'],
    ['private, in words', 'tiktok', [{ error: 'This profile is private' }], 'private'],
    ['private', 'instagram', [{ ...profile, private: true }], 'private'],
    ['private', 'tiktok', [{ ...video, authorMeta: { ...video.authorMeta, privateAccount: true } }], 'private'],
    ['age-gated', 'instagram', [{ error: 'restricted_page', errorDescription: 'age-gated' }], 'restricted'],
    ['a captcha', 'tiktok', [{ error: 'captcha' }], 'challenge'],
    ['blocked', 'instagram', [{ error: 'blocked', errorDescription: 'log in to see' }], 'blocked'],
    ['something unknown', 'instagram', [{ error: 'oops' }], 'transient'],
    ['another shape', 'instagram', [{ id: '100', handle: 'someone' }], 'upstream_changed'],
    ['another shape', 'tiktok', [{ id: '7470969622276164906' }], 'upstream_changed'],
    ['a stranger with this handle', 'instagram', [{ ...profile, id: '200' }], 'not_found'],
    [
      'a stranger with this handle',
      'tiktok',
      [{ ...video, authorMeta: { ...video.authorMeta, id: '200' } }],
      'not_found',
    ],
    ['all one needs', 'instagram', [profile], 'ok'],
    ['all one needs', 'tiktok', [video], 'ok'],
  ])('%s, on %s', async (_name, platform, items, code) => {
    story(succeeded(items));
    expect(outcome(await connect().fetchProfile(ref(platform, '100'), options))).toBe(code);
  });

  it('is no list', async () => {
    story(succeeded([profile]));
    apify.instead = ({ path }) => (path.startsWith('/datasets/') ? { body: { items: [] } } : null);
    expect(outcome(await connect().fetchProfile(ref('instagram'), options))).toBe('upstream_changed');
  });
});

describe('a renamed profile of Instagram', () => {
  it('is found by its id, and only where an id is known', async () => {
    apify.story = ({ input }) =>
      succeeded('usernames' in input ? [{ error: 'not_found' }] : [{ ...profile, username: 'renamed' }]);
    expect(await connect().fetchProfile(ref('instagram', '100'), options)).toMatchObject({
      value: { username: 'renamed' },
    });
    expect(apify.started.at(-1)).toMatchObject({
      actor: 'apify~instagram-scraper',
      input: { directUrls: ['100'], resultsType: 'details', resultsLimit: 1 },
    });
    expect(outcome(await connect().fetchProfile(ref('instagram'), options))).toBe('not_found');
    expect(outcome(await connect().fetchProfile(ref('instagram', '300'), options))).toBe('not_found');
  });

  it('leaves its old name to a stranger', async () => {
    apify.story = ({ input }) =>
      succeeded([{ ...profile, ...('usernames' in input ? { id: '200' } : { username: 'renamed' }) }]);
    expect(await connect().fetchProfile(ref('instagram', '100'), options)).toMatchObject({
      value: { username: 'renamed' },
    });
  });
});

describe('a feed', () => {
  const withProfile = (items: unknown[], shown: object = profile) =>
    story((actor) => succeeded(actor === 'apify~instagram-profile-scraper' ? [shown] : items));

  it('without posts is believed when the profile has none', async () => {
    for (const items of [[], [{ error: 'no_items' }], [{ ...profile, timestamp: null }]]) {
      withProfile(items, { ...profile, postsCount: 0 });
      expect(await connect().fetchPosts(ref('instagram'), null, options)).toEqual({
        ok: true,
        value: { posts: [], refused: [], nextCursor: null },
      });
      withProfile(items);
      expect(outcome(await connect().fetchPosts(ref('instagram'), null, options))).toBe('transient');
      withProfile(items, { ...profile, private: true });
      expect(outcome(await connect().fetchPosts(ref('instagram'), null, options))).toBe('private');
    }
  });

  it('of TikTok without videos shows no profile either', async () => {
    story(succeeded([{ error: 'no_items' }]));
    const source = connect();
    expect(outcome(await source.fetchPosts(ref('tiktok'), null, options))).toBe('unsupported_account');
    expect(await source.fetchPosts(ref('tiktok'), '40:1739470683', options)).toMatchObject({ value: { posts: [] } });
  });

  it.each<[Platform, unknown, OutcomeCode]>([
    ['instagram', { error: 'captcha' }, 'challenge'],
    ['instagram', { ...post, ownerUsername: 'someone', ownerId: '200' }, 'not_found'],
    ['tiktok', { error: 'This profile is private' }, 'private'],
    ['tiktok', { ...video, authorMeta: { ...video.authorMeta, id: '200' } }, 'not_found'],
  ])('of %s is none when it is %j', async (platform, item, code) => {
    story(succeeded([item]));
    expect(outcome(await connect().fetchPosts(ref(platform, '100'), null, options))).toBe(code);
  });

  it('keeps aside what is no post, and what is somebody else’s', async () => {
    withProfile([post, profile, { type: 'Video' }, 'x', { ...post, id: '5', ownerUsername: 'a.friend', ownerId: '7' }]);
    expect(await connect().fetchPosts(ref('instagram', '100'), null, options)).toMatchObject({
      value: {
        posts: [{ externalId: '3540614075954356349' }, { externalId: '5' }],
        refused: [
          { externalId: '100', reason: 'an item without a timestamp is not a post' },
          { reason: 'a post without an id' },
          { reason: 'a post without an id' },
        ],
      },
    });
    story(succeeded([video, { ...video, id: '8', authorMeta: { id: '7', name: 'a.friend' } }]));
    expect(await connect().fetchPosts(ref('tiktok', '100'), null, options)).toMatchObject({
      value: { posts: [{ externalId: '7470969622276164906' }], refused: [{ reason: "somebody else's video" }] },
    });
  });

  it('goes on to the posts that a run may bring at most, and no further', async () => {
    const posts = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        ...post,
        id: String(1000 - i),
        timestamp: new Date(1.7e12 - i * 1000).toISOString(),
      }));
    apify.story = ({ input }) => succeeded(posts(Number(input.resultsLimit)));
    const source = connect();
    const seen = new Set<string>();
    const limits: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page = await source.fetchPosts(ref('instagram'), cursor, options);
      if (!page.ok) throw new Error(page.failure.message);
      limits.push(apify.started.at(-1)?.input.resultsLimit);
      for (const { externalId } of page.value.posts) seen.add(externalId);
      cursor = page.value.nextCursor;
    } while (cursor !== null);
    expect(limits).toEqual([10, 40, 100]);
    expect(seen.size).toBe(100);
  });
});

describe('the tab of reels', () => {
  const reel = { ...post, type: 'Video', videoViewCount: 269, productType: 'clips' };

  it('adds reels that are not in the grid, and plays where the grid has the legacy number', async () => {
    apify.story = ({ input }) =>
      succeeded(
        input.resultsType === 'reels'
          ? [
              { ...reel, videoPlayCount: 1174 },
              { ...reel, id: '6', videoPlayCount: 3 },
            ]
          : [{ ...reel, isPinned: true }],
      );
    expect(await connect({ withReels: true }).fetchPosts(ref('instagram'), null, options)).toMatchObject({
      value: {
        posts: [
          { externalId: post.id, isPinned: true, viewKind: 'displayed', counters: { viewCount: 1174 } },
          { externalId: '6', viewKind: 'displayed', counters: { viewCount: 3 } },
        ],
        refused: [],
      },
    });
  });

  it('that fails leaves the posts, and says what is missing', async () => {
    for (const tab of [succeeded([{ error: 'captcha' }]), { statuses: ['FAILED'], items: [] }]) {
      apify.story = ({ input }) => (input.resultsType === 'reels' ? tab : succeeded([reel]));
      expect(await connect({ withReels: true }).fetchPosts(ref('instagram'), null, options)).toMatchObject({
        value: {
          posts: [{ viewKind: 'legacy', counters: { viewCount: 269, playCount: null } }],
          refused: [{ reason: expect.stringContaining('the reels of someone were not read') }],
        },
      });
    }
  });

  it('may be empty', async () => {
    apify.story = ({ input }) => succeeded(input.resultsType === 'reels' ? [] : [reel]);
    expect(await connect({ withReels: true }).fetchPosts(ref('instagram'), null, options)).toMatchObject({
      value: { posts: [{}], refused: [] },
    });
  });
});

describe('unknown numbers', () => {
  it('stay unknown: hidden likes in all their disguises, and whatever an item lacks', async () => {
    const likes = async (likesCount: unknown) => {
      story(succeeded([{ ...post, likesCount }]));
      const page = await connect().fetchPosts(ref('instagram'), null, options);
      return page.ok ? page.value.posts[0]?.counters.likeCount : 'failed';
    };
    for (const disguise of [null, undefined, -1, 3]) expect(await likes(disguise)).toBeNull();
    expect([await likes(0), await likes(4)]).toEqual([0, 4]);
    const { playCount: _, ...bare } = video;
    story(succeeded([bare]));
    const page = await connect().fetchPosts(ref('tiktok'), null, options);
    const counters = page.ok ? page.value.posts[0]?.counters : null;
    expect(Object.values(counters ?? { none: 0 }).every((count) => count === null)).toBe(true);
  });

  it('on an image: a 0 of plays is a filler', async () => {
    story(succeeded([{ ...post, videoPlayCount: 0, videoViewCount: 0 }]));
    expect(await connect().fetchPosts(ref('instagram'), null, options)).toMatchObject({
      value: { posts: [{ viewKind: null, counters: { viewCount: null, playCount: null } }] },
    });
  });
});

describe('a single post', () => {
  const instagram: PostRef = { platform: 'instagram', externalId: post.id, shortcode: null, authorUsername: null };
  const tiktok: PostRef = { platform: 'tiktok', externalId: video.id, shortcode: null, authorUsername: 'someone' };

  it.each<[string, PostRef, unknown[], OutcomeCode]>([
    ['there', instagram, [post], 'ok'],
    ['there', tiktok, [video], 'ok'],
    ['nowhere', instagram, [], 'removed_post'],
    ['nowhere', tiktok, [], 'removed_post'],
    ['not found', instagram, [{ error: 'not_found' }], 'removed_post'],
    ['not found', tiktok, [{ error: 'Post not found or private' }], 'removed_post'],
    ['private', instagram, [{ error: 'private_page' }], 'private'],
    ['a stub of its profile', instagram, [profile], 'upstream_changed'],
    ['another one', tiktok, [{ ...video, id: '5' }], 'upstream_changed'],
    ['of no media id', { ...instagram, externalId: 'x' }, [post], 'removed_post'],
  ])('%s', async (_name, wanted, items, code) => {
    story(succeeded(items));
    const result = await connect().fetchPost?.(wanted, options);
    expect(result && outcome(result)).toBe(code);
  });
});
