import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { areFixturesMissing, fixtureText, skippedNote } from '../../../test/support/fixtures.ts';
import {
  startVendorServer,
  type VendorReply,
  type VendorRequest,
  type VendorServer,
} from '../../../test/support/vendor-server.ts';
import { noCounters } from '../payloads/normalised.ts';
import type { OutcomeCode, PostRef, ProfileRef, Result, Source } from '../source.ts';
import { createTiktokResearch } from './connector.ts';
import { tiktokResearchManifest } from './manifest.ts';

// Recorded are one user, one page of videos and one question, from the documentation. Errors, tokens and later pages are made up after it.

const options = { now: new Date('2026-11-05T10:00:00Z') };
const tomorrow = new Date('2026-11-06T00:00:00Z');
const ref: ProfileRef = { platform: 'tiktok', username: 'someone', platformProfileId: null };
const outcome = (result: Result<unknown>): OutcomeCode => (result.ok ? 'ok' : result.failure.code);

const refuse = (status: number, code: string, message = 'said by TikTok'): VendorReply => ({
  status,
  body: { data: {}, error: { code, message, log_id: '1' } },
});
const reply = (data: object): VendorReply => ({ body: { data, error: { code: 'ok', message: '', log_id: '1' } } });
const user = (video_count = 2) => reply({ follower_count: 5, video_count });
const videos = (...ids: number[]) => ids.map((id) => ({ id, username: 'someone', view_count: 1 }));

interface Question {
  query: { and: { operation: string; field_name: string; field_values: string[] }[] };
  start_date: string;
  end_date: string;
  max_count: number;
  cursor?: number;
  search_id?: string;
}

let vendor: VendorServer;
let tokens: (request: VendorRequest) => VendorReply;
let answer: (request: VendorRequest) => VendorReply;
let issued: number;
const opened: Source[] = [];

const token = (expires_in = 7200): VendorReply => {
  issued += 1;
  return { body: { access_token: `clt.secret-${issued}`, expires_in, token_type: 'Bearer' } };
};

function connect(dailyRequests = 1000): Source {
  const limits = {
    ...tiktokResearchManifest.limits,
    requestTimeoutMs: 150,
    retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 2, budgetPercent: 100 },
    breaker: { failures: 1000, halfOpenAfterMs: 1 },
    patienceMs: 0,
  };
  const source = createTiktokResearch({
    manifest: { ...tiktokResearchManifest, limits },
    baseUrl: vendor.url,
    clientKey: 'a-client-key',
    clientSecret: 'a-client-secret',
    dailyRequests,
  });
  opened.push(source);
  return source;
}

const asked = (path: string) => vendor.requests.filter((request) => request.path === path);
const questions = () => asked('/v2/research/video/query/').map(({ body }) => JSON.parse(body) as Question);
const windows = () => questions().map(({ start_date, end_date }) => `${start_date}-${end_date}`);

beforeAll(async () => {
  vendor = await startVendorServer((request) =>
    request.path === '/v2/oauth/token/' ? tokens(request) : answer(request),
  );
});

beforeEach(() => {
  issued = 0;
  tokens = () => token();
  answer = ({ path }) => (path.includes('/user/') ? user() : reply({ videos: [], has_more: false }));
});

afterEach(async () => {
  vendor.requests.length = 0;
  await Promise.all(opened.splice(0).map((source) => source.close()));
});

afterAll(() => vendor.close());

describe.skipIf(areFixturesMissing)(`the Research API replayed${skippedNote}`, () => {
  beforeEach(() => {
    answer = ({ path }) => ({
      body: fixtureText(`tiktok_research/example_resp_q_${path.includes('/user/') ? 'user' : 'videos'}.json`),
    });
  });

  it('reads a user', async () => {
    expect(await connect().fetchProfile(ref, options)).toEqual({
      ok: true,
      value: {
        platformProfileId: null,
        username: 'someone',
        name: 'my nick name',
        description: 'my_bio',
        linkInBio: null,
        profilePicUrl: 'https://some_cdn.com/my_avatar',
        isVerified: false,
        isPrivate: false,
        followerCount: 232,
        followingCount: 45,
        postCount: 44,
        precision: 'exact',
      },
    });
    expect(asked('/v2/oauth/token/')).toMatchObject([
      {
        method: 'POST',
        body: 'client_key=a-client-key&client_secret=a-client-secret&grant_type=client_credentials',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ]);
    expect(vendor.requests.at(-1)).toMatchObject({
      method: 'POST',
      body: '{"username":"someone"}',
      headers: { authorization: 'Bearer clt.secret-1' },
      query: { fields: expect.stringContaining('follower_count,following_count,video_count') },
    });
  });

  it('reads a page of videos, no digit of an id lost, and leaves unknown what it does not say', async () => {
    const result = await connect().fetchPosts(ref, null, options);
    const post = {
      externalId: '702874395068494965',
      createTime: new Date('2021-10-09T23:59:59Z'),
      caption: 'lol #pov #avengers',
      mediaType: 'video',
      durationSeconds: null,
      viewKind: 'displayed',
      precision: 'exact',
      counters: { ...noCounters, viewCount: 1050, playCount: 1050, commentCount: 2 },
    };
    expect(result).toMatchObject({ ok: true, value: { posts: [post, post], refused: [] } });
    const cursor = result.ok ? result.value.nextCursor : null;
    await connect().fetchPosts(ref, cursor, options);
    expect(questions()).toEqual([
      {
        query: { and: [{ operation: 'EQ', field_name: 'username', field_values: ['someone'] }] },
        start_date: '20261007',
        end_date: '20261105',
        max_count: 100,
      },
      expect.objectContaining({ start_date: '20261007', cursor: 100, search_id: '7201388525814961198' }),
    ]);
  });
});

describe('what can go wrong at the Research API', () => {
  it.each<[string, VendorReply, OutcomeCode]>([
    ['a token that is refused', refuse(401, 'access_token_invalid'), 'auth_expired'],
    ['a token that is refused, in other words', refuse(401, 'invalid_token'), 'auth_expired'],
    ['a project that is not approved', refuse(401, 'scope_not_authorized'), 'permission_missing'],
    ['a scope that is missing', refuse(401, 'scope_permission_missed'), 'permission_missing'],
    ['no permission', refuse(403, 'permission_denied'), 'permission_missing'],
    ['too many requests', refuse(429, 'rate_limit_exceeded'), 'rate_limited'],
    ['too many requests, without a code', { status: 429, body: {} }, 'rate_limited'],
    ['a used-up day', refuse(429, 'daily_quota_limit_exceeded'), 'quota_exhausted'],
    ['an unknown user', refuse(400, 'invalid_params', 'cannot find the user'), 'not_found'],
    ['nothing of the user', reply({}), 'not_found'],
    ['a field it does not know', refuse(400, 'invalid_params', 'field play_count is invalid'), 'upstream_changed'],
    ['a file it does not want', refuse(400, 'invalid_file_upload'), 'upstream_changed'],
    ['an unknown code', refuse(400, 'something_new'), 'upstream_changed'],
    ['an unknown code of a server', refuse(503, 'something_new'), 'transient'],
    ['an error of its own', refuse(500, 'internal_error'), 'transient'],
    ['an error of its own with status 200', refuse(200, 'internal_error'), 'transient'],
    ['a page of the proxy before it', { status: 502, body: '<html>Bad gateway</html>' }, 'transient'],
    ['401 without a code', { status: 401, body: {} }, 'auth_expired'],
    ['another shape', { body: { result: {} } }, 'upstream_changed'],
    ['a user of another shape', reply({ followers: 5 }), 'upstream_changed'],
    ['truncated JSON', { body: '{"data":{"foll' }, 'transient'],
    ['a connection that is cut', { body: null }, 'transient'],
    ['no answer', { body: undefined }, 'transient'],
  ])('%s', async (_name, refusal, code) => {
    answer = () => refusal;
    const result = await connect().fetchProfile(ref, options);
    expect(outcome(result)).toBe(code);
    expect(JSON.stringify(result)).not.toMatch(/secret|a-client/);
  });

  it.each<[string, VendorReply, OutcomeCode]>([
    [
      'a wrong secret',
      { status: 401, body: { error: 'invalid_client', error_description: 'x', log_id: '1' } },
      'auth_expired',
    ],
    ['a wrong secret with status 200', { body: { error: 'invalid_client' } }, 'auth_expired'],
    ['a dead grant', { status: 400, body: { error: 'invalid_grant' } }, 'auth_expired'],
    ['a scope it may not have', { status: 400, body: { error: 'invalid_scope' } }, 'permission_missing'],
    ['a request it does not know', { status: 400, body: { error: 'invalid_request' } }, 'upstream_changed'],
    ['too many tokens', { status: 429, body: {} }, 'rate_limited'],
    ['an error of its own', { status: 500, body: '' }, 'transient'],
    ['no token', { body: { access_token: '' } }, 'upstream_changed'],
    ['no JSON', { body: 'ok' }, 'transient'],
  ])('no token: %s', async (_name, refusal, code) => {
    tokens = () => refusal;
    const result = await connect().fetchProfile(ref, options);
    expect(outcome(result)).toBe(code);
    expect(JSON.stringify(result)).not.toMatch(/a-client/);
    expect(asked('/v2/research/user/info/')).toEqual([]);
  });
});

describe('a token', () => {
  it('is shared by everybody, and renewed before it expires', async () => {
    const source = connect();
    await Promise.all([1, 2, 3].map(() => source.fetchProfile(ref, options)));
    await source.fetchProfile(ref, { now: new Date('2026-11-05T11:54:00Z') });
    expect(issued).toBe(1);
    await source.fetchProfile(ref, { now: new Date('2026-11-05T11:56:00Z') });
    expect(issued).toBe(2);
    expect(vendor.requests.at(-1)?.headers.authorization).toBe('Bearer clt.secret-2');
  });

  it('that is refused early is replaced once', async () => {
    answer = ({ headers }) =>
      headers.authorization === 'Bearer clt.secret-1' ? refuse(401, 'access_token_invalid') : user();
    expect(outcome(await connect().fetchProfile(ref, options))).toBe('ok');
    expect(issued).toBe(2);
    answer = () => refuse(401, 'access_token_invalid');
    expect(outcome(await connect().fetchProfile(ref, options))).toBe('auth_expired');
    expect(issued).toBe(4);
  });
});

describe('the quota of a day', () => {
  it('that the API calls used up is not asked for again before 00:00 UTC', async () => {
    answer = () => refuse(429, 'daily_quota_limit_exceeded');
    const source = connect();
    const exhausted = { failure: { code: 'quota_exhausted', resetAt: tomorrow } };
    expect(await source.fetchProfile(ref, options)).toMatchObject(exhausted);
    expect(await source.fetchPosts(ref, null, options)).toMatchObject(exhausted);
    expect(asked('/v2/research/user/info/')).toHaveLength(1);
    expect(questions()).toEqual([]);
    answer = () => user();
    expect(outcome(await source.fetchProfile(ref, { now: tomorrow }))).toBe('ok');
  });

  it('is not exceeded from here', async () => {
    const source = connect(2);
    await source.fetchProfile(ref, options);
    await source.fetchPosts(ref, null, options);
    expect(await source.fetchProfile(ref, options)).toMatchObject({
      failure: { code: 'quota_exhausted', resetAt: tomorrow },
    });
    expect(asked('/v2/research/user/info/')).toHaveLength(1);
  });
});

/** All pages of a feed. */
async function walk(source: Source, who: ProfileRef, mostPages: number) {
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const result = await source.fetchPosts(who, cursor, options);
    if (!result.ok) throw new Error(result.failure.message);
    seen.push(...result.value.posts.map(({ externalId }) => externalId));
    cursor = result.value.nextCursor;
    if (cursor === null) return seen;
  }
  throw new Error(`more than ${mostPages} pages`);
}

describe('the walk back', () => {
  it('takes each page of a window with the cursor and the search it belongs to, short pages included', async () => {
    answer = ({ body }) => {
      const { cursor, search_id, end_date } = JSON.parse(body) as Question;
      if (end_date !== '20261105') return reply({ videos: [], has_more: false });
      if (cursor === undefined) return reply({ videos: videos(9, 8), has_more: true, cursor: 100, search_id: '77' });
      return search_id === '77' && cursor === 100
        ? reply({ videos: videos(7), has_more: false, cursor: 200, search_id })
        : refuse(400, 'invalid_params');
    };
    const made = String(BigInt(Date.parse('2026-10-20T00:00:00Z') / 1000) << 32n);
    expect(await walk(connect(), { ...ref, platformProfileId: made }, 3)).toEqual(['9', '8', '7']);
  });

  it('ends at the window in which the account was made, which its id tells', async () => {
    const made = String(BigInt(Date.parse('2026-08-20T00:00:00Z') / 1000) << 32n);
    await walk(connect(), { ...ref, platformProfileId: made }, 5);
    expect(windows()).toEqual(['20261007-20261105', '20260907-20261006', '20260808-20260906']);
  });

  it('ends with an empty window after as many videos as the profile counts', async () => {
    answer = ({ path, body }) => {
      if (path.includes('/user/')) return user(2);
      const { end_date } = JSON.parse(body) as Question;
      const found = { '20261105': videos(9), '20260906': videos(8) }[end_date] ?? [];
      return reply({ videos: found, has_more: false });
    };
    const source = connect();
    await source.fetchProfile(ref, options);
    expect(await walk(source, ref, 9)).toEqual(['9', '8']);
    expect(windows()).toHaveLength(4);
    vendor.requests.length = 0;
    answer = ({ path }) => (path.includes('/user/') ? user(0) : reply({ has_more: false }));
    await source.fetchProfile(ref, options);
    expect(await walk(source, ref, 9)).toEqual([]);
    expect(windows()).toHaveLength(1);
  });

  it('ends before there was TikTok, where nothing else is known', async () => {
    await walk(connect(), ref, 200);
    expect(windows().at(-1)).toBe('20140712-20140810');
    const days = windows().map((window) => window.split('-'));
    // No day is left out, and none is looked at twice.
    for (const [i, [start = '']] of days.slice(0, -1).entries()) {
      const before = new Date(Date.parse(start.replace(/(....)(..)(..)/, '$1-$2-$3')) - 86_400_000);
      expect(days[i + 1]?.[1]).toBe(before.toISOString().slice(0, 10).replaceAll('-', ''));
    }
  });

  it('says so when more is announced, but not where', async () => {
    for (const more of [{}, { cursor: 100 }, { search_id: '7' }, { cursor: 0, search_id: '7' }]) {
      answer = () => reply({ videos: videos(9), has_more: true, ...more });
      expect(await connect().fetchPosts(ref, null, options)).toMatchObject({
        value: {
          posts: [{}],
          refused: [{ reason: 'more pages are announced, but no cursor is given' }],
          nextCursor: null,
        },
      });
    }
  });

  it('refuses what it cannot read', async () => {
    answer = () =>
      reply({ videos: [{ view_count: 5 }, 'x', { id: 4, username: 'a.friend' }, ...videos(9)], has_more: false });
    expect(await connect().fetchPosts(ref, null, options)).toMatchObject({
      value: {
        posts: [{ externalId: '9' }],
        refused: [
          { reason: 'a post without an id', excerpt: { view_count: 5 } },
          { reason: 'a post without an id' },
          { externalId: '4', reason: "somebody else's video" },
        ],
      },
    });
    answer = () => reply({ videos: {} });
    expect(outcome(await connect().fetchPosts(ref, null, options))).toBe('upstream_changed');
    for (const cursor of ['x', '{}', '{"end":"2026","offset":0,"seen":0,"seenHere":0}', '[]']) {
      expect(outcome(await connect().fetchPosts(ref, cursor, options))).toBe('upstream_changed');
    }
  });

  it.each<[string, VendorReply, OutcomeCode]>([
    ['a used-up day', refuse(429, 'daily_quota_limit_exceeded'), 'quota_exhausted'],
    ['a question it refuses', refuse(400, 'invalid_params', 'Invalid username'), 'upstream_changed'],
    ['an error of its own', refuse(500, 'internal_error'), 'transient'],
  ])('stops at %s', async (_name, refusal, code) => {
    answer = () => refusal;
    expect(outcome(await connect().fetchPosts(ref, null, options))).toBe(code);
  });
});

describe('a single video', () => {
  const post: PostRef = {
    platform: 'tiktok',
    externalId: '7463250363559218474',
    shortcode: null,
    authorUsername: null,
  };
  const found = (id: string) =>
    `{"data":{"videos":[{"id":${id},"username":"Someone","favorites_count":3}],"has_more":false},"error":{"code":"ok"}}`;

  it('is looked for around the day that its id tells', async () => {
    answer = () => ({ body: found(post.externalId), headers: { 'content-type': 'application/json' } });
    expect(await connect().fetchPost?.(post, options)).toMatchObject({
      ok: true,
      value: {
        author: { platformProfileId: null, username: 'someone' },
        post: { externalId: '7463250363559218474', counters: { ...noCounters, savedCount: 3 } },
      },
    });
    expect(questions()).toEqual([
      {
        query: { and: [{ operation: 'EQ', field_name: 'video_id', field_values: ['7463250363559218474'] }] },
        start_date: '20250122',
        end_date: '20250124',
        max_count: 1,
      },
    ]);
  });

  it.each<[string, PostRef, VendorReply, OutcomeCode]>([
    ['nowhere', post, reply({ videos: [] }), 'removed_post'],
    ['nowhere, without a list', post, reply({}), 'removed_post'],
    ['another one', post, { body: found('7463250363559218475') }, 'upstream_changed'],
    ['of another shape', post, reply({ videos: [{}] }), 'upstream_changed'],
    ['no list', post, reply({ videos: 'none' }), 'upstream_changed'],
    ['of no TikTok id', { ...post, externalId: '5' }, reply({}), 'removed_post'],
    [
      'of the future',
      { ...post, externalId: String(BigInt(Date.parse('2027-01-01') / 1000) << 32n) },
      reply({}),
      'removed_post',
    ],
    [
      'too new to be known',
      { ...post, externalId: String(BigInt(Date.parse('2026-11-04') / 1000) << 32n) },
      reply({}),
      'transient',
    ],
  ])('%s', async (_name, wanted, answered, code) => {
    answer = () => answered;
    const result = await connect().fetchPost?.(wanted, options);
    expect(result && outcome(result)).toBe(code);
  });
});
