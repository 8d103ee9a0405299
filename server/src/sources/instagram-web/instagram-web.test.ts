import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { areFixturesMissing, fixtureText, skippedNote } from '../../../test/support/fixtures.ts';
import { startVendorServer, type VendorReply, type VendorServer } from '../../../test/support/vendor-server.ts';
import { createSources } from '../create.ts';
import { noCounters } from '../payloads/normalised.ts';
import type { OutcomeCode, ProfileRef, Result, Source } from '../source.ts';
import { createInstagramWeb } from './connector.ts';
import { instagramWebManifest } from './manifest.ts';
import { shownCount } from './profile-page.ts';

// The profile is recorded (by a vendor that passes it on as it is). Refusals, the newer shape and pages are made up after their description.

const options = { now: new Date('2026-11-05T10:00:00Z') };
const ref: ProfileRef = { platform: 'instagram', username: 'someone', platformProfileId: null };
const outcome = (result: Result<unknown>): OutcomeCode => (result.ok ? 'ok' : result.failure.code);
const endpoint = '/api/v1/users/web_profile_info/';

let vendor: VendorServer;
const opened: Source[] = [];

function connect(withLegacyViews = false): Source {
  const limits = {
    ...instagramWebManifest.limits,
    requestTimeoutMs: 150,
    retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 2, budgetPercent: 100 },
    breaker: { failures: 1000, halfOpenAfterMs: 1 },
    pace: { intervalMs: 1, jitterMs: 0 },
  };
  const source = createInstagramWeb({
    manifest: { ...instagramWebManifest, limits },
    baseUrl: vendor.url,
    withLegacyViews,
  });
  opened.push(source);
  return source;
}

const user = (more: object = {}): VendorReply => ({
  body: { status: 'ok', data: { user: { id: '100', username: 'someone', edge_followed_by: { count: 5 }, ...more } } },
});
const timeline = (count: number, nodes: object[]) => ({
  edge_owner_to_timeline_media: { count, edges: nodes.map((node) => ({ node })), page_info: { has_next_page: true } },
});
const page = (description: string, more = ''): VendorReply => ({
  headers: { 'content-type': 'text/html' },
  body: `<html><head><meta property="og:description" content="${description}"></head><body>"profile_id":"100"${more}</body></html>`,
});
const answers = (api: VendorReply, shown: VendorReply = page('')): void => {
  vendor.answer = ({ path }) => (path === endpoint ? api : shown);
};
const paths = () => vendor.requests.map(({ path }) => path);

beforeAll(async () => {
  vendor = await startVendorServer(() => ({}));
});

afterEach(async () => {
  vendor.requests.length = 0;
  await Promise.all(opened.splice(0).map((source) => source.close()));
});

afterAll(() => vendor.close());

describe.skipIf(areFixturesMissing)(`instagram.com replayed${skippedNote}`, () => {
  it('reads a profile and its newest posts with one request, and leaves the legacy 1318 views out', async () => {
    answers({ body: fixtureText('scrapecreators/instagram_v1_profile.json') });
    const who = { ...ref, username: 'adrianhorning' };
    const source = connect();
    expect(await source.fetchProfile(who, options)).toMatchObject({
      ok: true,
      value: {
        platformProfileId: '2700692569',
        username: 'adrianhorning',
        followerCount: 25116,
        followingCount: 101,
        postCount: 71,
        isVerified: true,
        precision: 'exact',
      },
    });
    const post = {
      externalId: '3540614075954356349',
      shortcode: 'DEiyb48AeB9',
      createTime: new Date('2025-01-07T23:56:41Z'),
    };
    expect(await source.fetchPosts(who, null, options)).toMatchObject({
      ok: true,
      value: {
        posts: [{ ...post, viewKind: null, counters: { ...noCounters, likeCount: 126, commentCount: 12 } }],
        refused: [],
        nextCursor: null,
      },
    });
    expect(vendor.requests).toMatchObject([
      { path: endpoint, query: { username: 'adrianhorning' }, headers: { 'x-ig-app-id': '936619743392459' } },
    ]);
    expect(vendor.requests[0]?.headers.cookie).toBeUndefined();
    const alone = connect(true);
    expect(await alone.fetchPosts(who, null, options)).toMatchObject({
      value: { posts: [{ ...post, viewKind: 'legacy', counters: { viewCount: 1318, playCount: null } }] },
    });
  });
});

describe('what can go wrong at instagram.com', () => {
  const json = (status: number, body: object): VendorReply => ({ status, body });
  const html = { 'content-type': 'text/html' };

  it.each<[string, VendorReply, OutcomeCode]>([
    ['no user', { body: { status: 'ok', data: { user: null } } }, 'not_found'],
    ['an empty user', { body: { status: 'ok', data: { user: {} } } }, 'not_found'],
    ['a private account', user({ is_private: true }), 'private'],
    ['a gated account', user({ gating_info: { title: 'age' } }), 'restricted'],
    [
      'a wish for patience',
      json(401, { message: 'Please wait a few minutes before you try again.', require_login: true, status: 'fail' }),
      'rate_limited',
    ],
    ['a wish for a login', json(401, { message: '', require_login: true, status: 'fail' }), 'blocked'],
    ['401 otherwise', json(401, { status: 'fail' }), 'blocked'],
    ['403', json(403, { status: 'fail' }), 'blocked'],
    ['too many requests', json(429, {}), 'rate_limited'],
    ['a flagged session', json(400, { message: 'feedback_required', status: 'fail' }), 'challenge'],
    ['a checkpoint', json(400, { message: 'checkpoint_required', status: 'fail' }), 'challenge'],
    ['a challenge', json(400, { message: 'challenge_required', status: 'fail' }), 'challenge'],
    ['another 400', json(400, { message: 'useragent mismatch', status: 'fail' }), 'upstream_changed'],
    [
      'a redirect to the login',
      { status: 302, headers: { location: 'https://www.instagram.com/accounts/login/' }, body: '' },
      'challenge',
    ],
    ['a redirect to a challenge', { status: 302, headers: { location: '/challenge/' }, body: '' }, 'challenge'],
    ['a redirect home', { status: 302, headers: { location: 'https://www.instagram.com/' }, body: '' }, 'blocked'],
    ['a login page', { headers: html, body: '<html><a href="/accounts/login/">Log in</a></html>' }, 'challenge'],
    ['truncated JSON', { body: '{"data":{"us' }, 'transient'],
    ['no data', { body: { status: 'ok' } }, 'upstream_changed'],
    ['no field user', { body: { status: 'ok', data: {} } }, 'upstream_changed'],
    ['a user of another shape', { body: { status: 'ok', data: { user: { username: 'a' } } } }, 'upstream_changed'],
    ['a stranger with this handle', user({ id: '200' }), 'not_found'],
    ['a connection that is cut', { body: null }, 'transient'],
    ['no answer', { body: undefined }, 'transient'],
  ])('%s', async (_name, reply, code) => {
    answers(reply);
    const result = await connect().fetchProfile({ ...ref, platformProfileId: '100' }, options);
    expect(outcome(result)).toBe(code);
    expect(paths().every((path) => path === endpoint)).toBe(true);
  });

  it.each<[string, VendorReply, VendorReply, OutcomeCode]>([
    ['gone from both', { status: 404, body: '' }, { status: 404, headers: html, body: '<html>' }, 'not_found'],
    ['an endpoint that is gone', { status: 404, body: '' }, page('1,234 Followers, 5 Following, 6 Posts - See'), 'ok'],
    [
      'a failure of the endpoint',
      json(200, { status: 'fail' }),
      page('15M Followers, 653 Following, 4,569 Posts - See'),
      'ok',
    ],
    [
      'a server error of the endpoint',
      json(500, { status: 'fail' }),
      page('15M Followers, 653 Following, 4,569 Posts'),
      'ok',
    ],
    [
      'a page of another profile',
      { status: 404, body: '' },
      {
        ...page('1 Followers, 1 Following, 1 Posts'),
        body: '"profile_id":"200" <meta content="1 Followers, 1 Following, 1 Posts" property="og:description">',
      },
      'not_found',
    ],
    [
      'a page behind a login',
      { status: 404, body: '' },
      { headers: html, body: '<html><a href="/accounts/login/">' },
      'challenge',
    ],
    [
      'a page that redirects to the login',
      { status: 404, body: '' },
      { status: 302, headers: { location: '/accounts/login/' }, body: '' },
      'challenge',
    ],
    ['a page without counts', { status: 404, body: '' }, page('See photos and videos'), 'upstream_changed'],
    ['a page that is refused', { status: 404, body: '' }, { status: 403, body: '' }, 'blocked'],
    ['too many pages', { status: 404, body: '' }, { status: 429, body: '' }, 'rate_limited'],
    ['an empty page', { status: 404, body: '' }, { body: '' }, 'rate_limited'],
    ['a broken page', { status: 404, body: '' }, { status: 500, body: '' }, 'transient'],
    ['a page of another status', { status: 404, body: '' }, { status: 410, body: '' }, 'upstream_changed'],
    ['a page that is cut', { status: 404, body: '' }, { body: null }, 'transient'],
  ])('and its page: %s', async (_name, api, shown, code) => {
    answers(api, shown);
    expect(outcome(await connect().fetchProfile({ ...ref, platformProfileId: '100' }, options))).toBe(code);
    expect(paths()).toContain('/someone/');
  });
});

describe('a profile from its page', () => {
  it('is rounded where the page rounds, and says why it has no posts', async () => {
    answers({ status: 404, body: '' }, page('15M Followers, 653 Following, 4,569 Posts - See Instagram photos'));
    const source = connect();
    expect(await source.fetchProfile(ref, options)).toMatchObject({
      value: {
        platformProfileId: '100',
        followerCount: 15_000_000,
        followingCount: 653,
        postCount: 4569,
        isVerified: null,
        precision: 'rounded',
      },
    });
    expect(await source.fetchPosts(ref, null, options)).toMatchObject({
      value: {
        posts: [],
        refused: [{ reason: expect.stringContaining('the posts were not shown') }],
        nextCursor: null,
      },
    });
    answers({ status: 404, body: '' }, page('1,234 Followers, 5 Following, 6 Posts'));
    expect(await source.fetchProfile(ref, options)).toMatchObject({
      value: { followerCount: 1234, precision: 'exact' },
    });
  });

  it.each([
    ['0', 0],
    ['999', 999],
    ['4,569', 4569],
    ['12,345,678', 12_345_678],
    ['1.2K', 1200],
    ['15M', 15_000_000],
    ['2.05m', 2_050_000],
    ['1B', 1_000_000_000],
    ['1.5', null],
    ['1,23', null],
    ['12,3456', null],
    ['K', null],
    ['', null],
    ['-5', null],
  ])('counts %j as %j', (shown, count) => {
    expect(shownCount(shown)).toBe(count);
  });
});

describe('the newest posts', () => {
  const node = { id: '3540614075954356349', __typename: 'GraphImage', edge_media_preview_like: { count: 3 } };

  it.each<[string, VendorReply, OutcomeCode]>([
    ['none, of a profile without posts', user(timeline(0, [])), 'ok'],
    ['none, of a profile with posts', user(timeline(7, [])), 'transient'],
    ['none, of a private profile', user({ ...timeline(7, []), is_private: true }), 'private'],
    ['none, of a profile that is gone', { body: { status: 'ok', data: { user: null } } }, 'not_found'],
  ])('%s', async (_name, reply, code) => {
    answers(reply);
    expect(outcome(await connect().fetchPosts(ref, null, options))).toBe(code);
    expect(paths()).toHaveLength(1);
  });

  it('are not said to be none in an answer of the newer shape, which has no timeline', async () => {
    answers({
      body: { status: 'ok', data: { user: { pk: '100', username: 'someone', follower_count: 5, media_count: 7 } } },
    });
    const source = connect();
    expect(await source.fetchProfile(ref, options)).toMatchObject({ value: { followerCount: 5, postCount: 7 } });
    expect(await source.fetchPosts(ref, null, options)).toMatchObject({
      value: { posts: [], refused: [{ reason: 'the posts were not shown: the answer has no timeline' }] },
    });
  });

  it('have no likes where the profile hides them, and refuse what has no id', async () => {
    answers(user({ ...timeline(2, [node, {}]), hide_like_and_view_counts: true }));
    expect(await connect().fetchPosts(ref, null, options)).toMatchObject({
      value: { posts: [{ counters: { likeCount: null } }], refused: [{ reason: 'a post without an id' }] },
    });
    answers(user(timeline(1, [node])));
    expect(await connect().fetchPosts(ref, null, options)).toMatchObject({
      value: { posts: [{ counters: { likeCount: 3 } }] },
    });
  });
});

describe('a wall', () => {
  it('holds back all requests', async () => {
    answers({ status: 429, body: {} });
    const source = connect();
    expect(outcome(await source.fetchProfile(ref, options))).toBe('rate_limited');
    answers(user());
    expect(await source.fetchProfile({ ...ref, username: 'another' }, options)).toMatchObject({
      failure: { code: 'rate_limited', retryAfterMs: expect.any(Number) },
    });
    expect(vendor.requests).toHaveLength(1);
  });

  it('of one private account holds back nobody', async () => {
    answers(user({ is_private: true }));
    const source = connect();
    await source.fetchProfile(ref, options);
    answers(user());
    expect(outcome(await source.fetchProfile(ref, options))).toBe('ok');
  });
});

describe('the readers of public pages', () => {
  it('say at the start, in one line, what they risk, and keep a pace of seconds', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const settings = [
      { name: 'instagram_web', values: {} },
      { name: 'tiktok_web', values: { interval_ms: '9000' } },
    ];
    for (const source of await createSources(settings, { logger })) await source.close();
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain("Risk: reading these pages by a program breaks Instagram's terms of use");
    expect(lines[1]).toContain("Risk: reading these pages by a program breaks TikTok's terms of service");
    expect(instagramWebManifest.limits).toMatchObject({ concurrency: 1, pace: { intervalMs: 6000 } });
  });
});
