import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startVendorServer, type VendorReply, type VendorServer } from '../../../test/support/vendor-server.ts';
import type { OutcomeCode, Platform, PostRef, Result, Source } from '../source.ts';
import { createScrapecreators } from './connector.ts';
import { scrapecreatorsManifest } from './manifest.ts';

const options = { now: new Date('2026-11-01T00:00:00Z') };
const ref = (platform: Platform) => ({ platform, username: 'someone', platformProfileId: null });
const refuse = (status: number, message: string): VendorReply => ({ status, body: { success: false, message } });
const outcome = (result: Result<unknown>): OutcomeCode => (result.ok ? 'ok' : result.failure.code);

const limits = {
  ...scrapecreatorsManifest.limits,
  requestTimeoutMs: 150,
  retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 2, budgetPercent: 100 },
  breaker: { failures: 1000, halfOpenAfterMs: 1 },
  rateLimitScope: 'request',
} as const;

let vendor: VendorServer;
let source: Source;

beforeAll(async () => {
  vendor = await startVendorServer(() => ({}));
  const manifest = { ...scrapecreatorsManifest, limits };
  source = createScrapecreators({ manifest, baseUrl: vendor.url, key: 'a-secret-key', isSandbox: false });
});

beforeEach(() => {
  vendor.requests.length = 0;
});

afterAll(async () => {
  await source.close();
  await vendor.close();
});

describe('what can go wrong at ScrapeCreators', () => {
  it.each<[string, VendorReply, OutcomeCode]>([
    ['a bad key', refuse(401, 'Invalid API key'), 'auth_expired'],
    ['a key the vendor cannot find', refuse(401, 'API key not found'), 'auth_expired'],
    ['no key at all, which is a 500 there', refuse(500, 'apiKey is required'), 'auth_expired'],
    ['no credits', refuse(402, "Looks like you're out of credits :("), 'insufficient_credit'],
    ['an unknown profile', refuse(404, 'Account does not exist'), 'not_found'],
    ['an unknown profile, without a word', { status: 404, body: { success: false } }, 'not_found'],
    ['an unknown endpoint', refuse(404, 'Endpoint not found'), 'upstream_changed'],
    ['an unknown endpoint, as a page', { status: 404, body: '<html>Cannot GET</html>' }, 'upstream_changed'],
    ['an unknown parameter', refuse(400, 'handle is required'), 'upstream_changed'],
    ['too many requests', refuse(429, 'slow down'), 'rate_limited'],
    ['a server error', refuse(500, 'Something went wrong'), 'transient'],
    ['a page of the proxy before it', { status: 502, body: '<html>Bad gateway</html>' }, 'transient'],
    ['a refusal without JSON', { status: 403, body: '<html>Forbidden</html>' }, 'blocked'],
    ['a private account', refuse(403, 'This account is private'), 'private'],
    ['an age gate', refuse(451, 'age restricted'), 'restricted'],
    ['a platform that wants us to wait', refuse(401, 'Please wait a few minutes before you try again.'), 'blocked'],
    ['a platform that wants a login', { status: 401, body: { message: '', require_login: true } }, 'blocked'],
    ['a checkpoint', { status: 400, body: { message: 'checkpoint_required', status: 'fail' } }, 'challenge'],
    ['a challenge', { status: 400, body: { message: 'challenge_required', status: 'fail' } }, 'challenge'],
    ['a flagged session', { status: 400, body: { message: 'feedback_required', status: 'fail' } }, 'challenge'],
    ['a failure inside a 200', { body: { success: false, message: 'try later' } }, 'transient'],
    ['a missing profile inside a 200', { body: { success: false, message: 'User not found' } }, 'not_found'],
    ['a status that is not ok', { body: { status: 'fail' } }, 'transient'],
    [
      'a login wall',
      { headers: { 'content-type': 'text/html' }, body: '<html><a href="/accounts/login/">' },
      'challenge',
    ],
    ['a proof-of-work page', { body: '<!doctype html><title>Please wait...</title>' }, 'challenge'],
    [
      'a redirect to the login',
      { status: 302, headers: { location: '/accounts/login/?next=/a' }, body: '' },
      'challenge',
    ],
    [
      'a redirect to a challenge',
      { status: 302, headers: { location: 'https://x.test/challenge/' }, body: '' },
      'challenge',
    ],
    ['a redirect home', { status: 302, headers: { location: 'https://www.instagram.com/' }, body: '' }, 'blocked'],
    ['a redirect elsewhere', { status: 301, headers: { location: '/v9/profile' }, body: '' }, 'upstream_changed'],
    ['truncated JSON', { body: '{"success":true,"data":{"user":{"id":"1' }, 'transient'],
    ['malformed JSON', { body: '{"success":true,,}' }, 'transient'],
    ['an empty body', { body: '' }, 'transient'],
    ['a page without a wall', { body: '<html>maintenance</html>' }, 'transient'],
    ['JSON that is no object', { body: '[]' }, 'upstream_changed'],
    ['no data', { body: { success: true } }, 'upstream_changed'],
    ['no user', { body: { success: true, data: { user: null } } }, 'not_found'],
    ['an empty user', { body: { success: true, data: { user: {} } } }, 'not_found'],
    ['a user under another name', { body: { data: { viewer: null, profile: { username: 'a' } } } }, 'upstream_changed'],
    ['no field user', { body: { success: true, data: {} } }, 'upstream_changed'],
    ['a list of users', { body: { success: true, data: { user: [{ username: 'a' }] } } }, 'upstream_changed'],
    ['an empty list of users', { body: { success: true, data: { user: [] } } }, 'upstream_changed'],
    ['a user as text', { body: { success: true, data: { user: 'a' } } }, 'upstream_changed'],
    ['a user that is switched off', { body: { success: true, data: { user: false } } }, 'upstream_changed'],
    [
      'a user of another shape',
      { body: { success: true, data: { user: { username: 'a', fans: 3 } } } },
      'upstream_changed',
    ],
    ['a connection that is cut', { body: null }, 'transient'],
    ['no answer', { body: undefined }, 'transient'],
  ])('%s', async (_name, reply, code) => {
    vendor.answer = () => reply;
    const result = await source.fetchProfile(ref('instagram'), options);
    expect(outcome(result)).toBe(code);
    expect(JSON.stringify(result)).not.toContain('a-secret-key');
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    vendor.answer = () => ({ status: 429, headers: { 'retry-after': '42' }, body: {} });
    expect(await source.fetchProfile(ref('tiktok'), options)).toMatchObject({ failure: { retryAfterMs: 42_000 } });
    vendor.answer = () => ({ status: 429, headers: { 'retry-after': 'Sun, 01 Nov 2026 00:01:00 GMT' }, body: {} });
    expect(await source.fetchProfile(ref('tiktok'), options)).toMatchObject({ failure: { retryAfterMs: 60_000 } });
  });

  it.each<[string, object, OutcomeCode]>([
    ['no such user', { status_code: 10202 }, 'not_found'],
    ['no such account', { statusCode: 10221 }, 'not_found'],
    ['a banned account', { status_code: 10223 }, 'not_found'],
    ['a private account', { status_code: 10222 }, 'private'],
    ['a private post', { status_code: 10216 }, 'private'],
    ['a locked region', { status_code: 10231 }, 'restricted'],
    ['unavailable for this viewer', { status_code: 10204 }, 'restricted'],
    ['a captcha', { status_code: 10000 }, 'challenge'],
    ['an unknown code', { status_code: 5 }, 'transient'],
    ['no user', { success: true, user: null }, 'not_found'],
    ['an empty user', { success: true, user: {} }, 'not_found'],
    ['no field user', { success: true }, 'upstream_changed'],
    ['a user as text', { success: true, user: 'someone' }, 'upstream_changed'],
    ['a list of users', { success: true, user: [] }, 'upstream_changed'],
    ['counts of another shape', { user: { uniqueId: 'someone' }, stats: { fans: 5 } }, 'upstream_changed'],
    [
      'a private profile',
      { user: { uniqueId: 'someone', privateAccount: true }, stats: { followerCount: 5 } },
      'private',
    ],
  ])('on TikTok: %s', async (_name, body, code) => {
    vendor.answer = () => ({ body });
    expect(outcome(await source.fetchProfile(ref('tiktok'), options))).toBe(code);
  });
});

describe('an empty list', () => {
  const tiktok = (videoCount: number, user: object = {}) => ({
    body: { user: { uniqueId: 'someone', ...user }, stats: { followerCount: 5, videoCount } },
  });
  const aweme = { aweme_id: '7470969622276164906', video: {} };

  it('of TikTok is asked for again from the United States, and so are its next pages', async () => {
    vendor.answer = ({ query }) => ({
      body: { aweme_list: query.region === 'US' ? [aweme] : [], has_more: 1, max_cursor: 1738435195000 },
    });
    const result = await source.fetchPosts(ref('tiktok'), null, options);
    expect(result).toMatchObject({ ok: true, value: { posts: [{ externalId: '7470969622276164906' }] } });
    await source.fetchPosts(ref('tiktok'), result.ok ? result.value.nextCursor : null, options);
    expect(vendor.requests.at(-1)?.query).toMatchObject({ region: 'US', max_cursor: '1738435195000' });
  });

  it('is not believed while the profile has posts', async () => {
    vendor.answer = ({ path }) =>
      path === '/v1/tiktok/profile' ? tiktok(12) : { body: { aweme_list: null, has_more: 0 } };
    expect(outcome(await source.fetchPosts(ref('tiktok'), null, options))).toBe('transient');
    vendor.answer = ({ path }) =>
      path === '/v1/instagram/profile'
        ? { body: { data: { user: { username: 'someone', follower_count: 5, media_count: 7 } } } }
        : { body: { items: [], more_available: false } };
    expect(outcome(await source.fetchPosts(ref('instagram'), null, options))).toBe('transient');
  });

  it('is true of a profile without posts, and of a private one it is not', async () => {
    vendor.answer = ({ path }) =>
      path === '/v1/tiktok/profile' ? tiktok(0) : { body: { aweme_list: [], has_more: 0 } };
    expect(await source.fetchPosts(ref('tiktok'), null, options)).toEqual({
      ok: true,
      value: { posts: [], refused: [], nextCursor: null },
    });
    vendor.answer = ({ path }) =>
      path === '/v1/tiktok/profile' ? tiktok(3, { privateAccount: true }) : { body: { aweme_list: [] } };
    expect(outcome(await source.fetchPosts(ref('tiktok'), null, options))).toBe('private');
    vendor.answer = () => ({ body: { items: [], user: { is_private: true } } });
    expect(outcome(await source.fetchPosts(ref('instagram'), null, options))).toBe('private');
  });

  it('is an end on a later page', async () => {
    vendor.answer = () => ({ body: { aweme_list: [], has_more: 0 } });
    expect(await source.fetchPosts(ref('tiktok'), '1738435195000', options)).toMatchObject({
      value: { nextCursor: null },
    });
    expect(vendor.requests).toHaveLength(1);
  });

  it.each([
    ['tiktok', { has_more: 1 }],
    ['tiktok', { aweme_list: {} }],
    ['instagram', { more_available: true }],
    ['instagram', { items: 'none' }],
  ] as const)('of another shape is a change of %s', async (platform, body) => {
    vendor.answer = () => ({ body });
    expect(outcome(await source.fetchPosts(ref(platform), null, options))).toBe('upstream_changed');
  });
});

describe('a page', () => {
  it('keeps what it can read, with the reason for the rest', async () => {
    const items = [{ pk: '3540614075954356349' }, { code: null, like_count: 5 }, 'x'];
    vendor.answer = () => ({ body: { items, more_available: true } });
    const result = await source.fetchPosts(ref('instagram'), null, options);
    expect(result).toMatchObject({
      ok: true,
      value: {
        posts: [{ externalId: '3540614075954356349' }],
        refused: [
          { reason: 'a post without an id', excerpt: { code: null, like_count: 5 } },
          { reason: 'a post without an id' },
          { reason: 'more pages are announced, but no cursor is given' },
        ],
        nextCursor: null,
      },
    });
  });
});

describe('hidden counts', () => {
  it('are a setting of the profile, which posts need not repeat', async () => {
    const user = { username: 'someone', follower_count: 5, hide_like_and_view_counts: true };
    vendor.answer = () => ({ body: { data: { user } } });
    expect(await source.fetchProfile(ref('instagram'), options)).toMatchObject({ value: { hidesCounts: true } });
    vendor.answer = () => ({ body: { data: { user: { ...user, hide_like_and_view_counts: false } } } });
    expect(await source.fetchProfile(ref('instagram'), options)).toMatchObject({ value: { hidesCounts: false } });
    const { hide_like_and_view_counts: _, ...silent } = user;
    vendor.answer = () => ({ body: { data: { user: silent } } });
    expect(await source.fetchProfile(ref('instagram'), options)).not.toHaveProperty('value.hidesCounts');
  });

  it('are asked for by handle once they were hidden, since answers by id do not say, and a renamed profile by its id', async () => {
    const hidden = { ...ref('instagram'), platformProfileId: '9', hidesCounts: true };
    const asked: string[] = [];
    let isRenamed = false;
    vendor.answer = ({ path }) => {
      asked.push(path);
      const user = { username: 'someone', follower_count: 5, id: '9', hide_like_and_view_counts: false };
      if (path !== '/v1/instagram/profile') return { body: { ...user, username: 'renamed' } };
      return { body: { data: { user: isRenamed ? {} : user } } };
    };
    expect(await source.fetchProfile(hidden, options)).toMatchObject({ value: { hidesCounts: false } });
    isRenamed = true;
    expect(await source.fetchProfile(hidden, options)).toMatchObject({ value: { username: 'renamed' } });
    expect(asked).toEqual(['/v1/instagram/profile', '/v1/instagram/profile', '/v1/instagram/basic-profile']);
  });

  it('hold for every post of a page whose owner has them', async () => {
    const items = [{ pk: '1', media_type: 2, like_count: 3, fb_like_count: 3, play_count: 40, ig_play_count: 40 }];
    const likes = async (hides: boolean) => {
      vendor.answer = () => ({ body: { items, user: { pk: '9', hide_like_and_view_counts: hides } } });
      const page = await source.fetchPosts(ref('instagram'), null, options);
      return page.ok ? page.value.posts.map(({ counters: c }) => [c.viewCount, c.likeCount, c.fbLikeCount]) : [];
    };
    expect(await likes(true)).toEqual([[40, null, null]]);
    expect(await likes(false)).toEqual([[40, 3, 3]]);
  });
});

describe('a handle that was recycled', () => {
  const known = { platform: 'instagram', username: 'someone', platformProfileId: '100' } as const;
  const user = (id: string) => ({ username: 'someone', follower_count: 5, id });

  it('does not lend its numbers to the profile that had it before', async () => {
    vendor.answer = ({ path }) =>
      path.includes('basic') ? { status: 404, body: {} } : { body: { data: { user: user('200') } } };
    expect(outcome(await source.fetchProfile(known, options))).toBe('not_found');
    vendor.answer = () => ({ body: { items: [{ pk: '1' }], user: { pk: '200' } } });
    expect(outcome(await source.fetchPosts(known, null, options))).toBe('not_found');
  });

  it('is asked when the id is not known, and believed when it leads to the same id', async () => {
    vendor.answer = ({ path }) =>
      path.includes('basic') ? { status: 404, body: {} } : { body: { data: { user: user('100') } } };
    expect(outcome(await source.fetchProfile(known, options))).toBe('ok');
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

  const shortcode_media = { id: '3540614075954356349' };

  it.each<[string, PostRef, VendorReply, OutcomeCode]>([
    ['removed', instagram, refuse(404, 'Post not found'), 'removed_post'],
    ['removed inside a 200', instagram, { body: { data: { xdt_shortcode_media: null } } }, 'removed_post'],
    ['removed, and empty', instagram, { body: { data: { xdt_shortcode_media: {} } } }, 'removed_post'],
    ['removed, by its older name', instagram, { body: { data: { shortcode_media: null } } }, 'removed_post'],
    ['there, by its older name', instagram, { body: { data: { xdt_shortcode_media: null, shortcode_media } } }, 'ok'],
    ['under another name', instagram, { body: { data: { media: shortcode_media } } }, 'upstream_changed'],
    ['as a list', instagram, { body: { data: { xdt_shortcode_media: [shortcode_media] } } }, 'upstream_changed'],
    ['of another shape', instagram, { body: { data: { xdt_shortcode_media: { code: 5 } } } }, 'upstream_changed'],
    ['another one', instagram, { body: { data: { xdt_shortcode_media: { id: '5' } } } }, 'upstream_changed'],
    ['without data', instagram, { body: {} }, 'upstream_changed'],
    ['removed', tiktok, { body: { aweme_detail: null } }, 'removed_post'],
    ['deleted', tiktok, { body: { aweme_detail: { status: { is_delete: true } } } }, 'removed_post'],
    ['made private', tiktok, { body: { aweme_detail: { status: { private_status: 1 } } } }, 'private'],
    ['removed, and empty', tiktok, { body: { aweme_detail: {} } }, 'removed_post'],
    ['as text', tiktok, { body: { aweme_detail: 'unavailable' } }, 'upstream_changed'],
    ['without detail', tiktok, { body: {} }, 'upstream_changed'],
    ['there', tiktok, { body: { aweme_detail: { aweme_id: '7470969622276164906', video: {} } } }, 'ok'],
  ])('%s', async (_name, post, reply, code) => {
    vendor.answer = () => reply;
    const result = await source.fetchPost?.(post, options);
    expect(result && outcome(result)).toBe(code);
  });
});
