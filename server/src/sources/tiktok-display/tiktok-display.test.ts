import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  startVendorServer,
  type VendorReply,
  type VendorRequest,
  type VendorServer,
} from '../../../test/support/vendor-server.ts';
import { createSources } from '../create.ts';
import { noCounters } from '../payloads/normalised.ts';
import type { OutcomeCode, PostRef, ProfileRef, Result, Source } from '../source.ts';
import { createTiktokDisplay } from './connector.ts';
import { tiktokDisplayManifest } from './manifest.ts';

// No answer of this API is recorded: all are made up after its documentation.

const options = { now: new Date('2026-11-05T10:00:00Z') };
const later = (minutes: number) => ({ now: new Date(options.now.getTime() + minutes * 60_000) });
const ref: ProfileRef = { platform: 'tiktok', username: 'someone', platformProfileId: null };
const outcome = (result: Result<unknown>): OutcomeCode => (result.ok ? 'ok' : result.failure.code);

const refuse = (status: number, code: string, message = 'said by TikTok'): VendorReply => ({
  status,
  body: { data: {}, error: { code, message, log_id: '1' } },
});
const reply = (data: object): VendorReply => ({ body: { data, error: { code: 'ok', message: '', log_id: '1' } } });
const profile = (more: object = {}): VendorReply =>
  reply({ user: { open_id: '-000aBc', username: 'Someone', follower_count: 5, video_count: 2, ...more } });
const issued = (number: number, more: object = {}): VendorReply => ({
  body: {
    access_token: `act.secret-${number}`,
    expires_in: 86_400,
    refresh_token: `rft.secret-${number}`,
    open_id: '-000aBc',
    ...more,
  },
});

let vendor: VendorServer;
let answers: Record<string, (request: VendorRequest) => VendorReply>;
let rotations: number;
const opened: Source[] = [];

function connect(accessToken: string | null = 'act.secret-0'): Source {
  const limits = {
    ...tiktokDisplayManifest.limits,
    requestTimeoutMs: 150,
    retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 2, budgetPercent: 100 },
    breaker: { failures: 1000, halfOpenAfterMs: 1 },
    patienceMs: 0,
  };
  const source = createTiktokDisplay({
    manifest: { ...tiktokDisplayManifest, limits },
    baseUrl: vendor.url,
    grant: {
      clientKey: 'a-client-key',
      clientSecret: 'a-client-secret',
      accessToken,
      refreshToken: 'rft.secret-0',
      onRotated: () => {
        rotations += 1;
      },
    },
  });
  opened.push(source);
  return source;
}

const asked = (path: string) => vendor.requests.filter((request) => request.path === path);
const bodies = (path: string) => asked(path).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const [userPath, listPath, queryPath, tokenPath] = [
  '/v2/user/info/',
  '/v2/video/list/',
  '/v2/video/query/',
  '/v2/oauth/token/',
];

beforeAll(async () => {
  vendor = await startVendorServer((request) => answers[request.path]?.(request) ?? { status: 404, body: {} });
});

beforeEach(() => {
  rotations = 0;
  answers = { [userPath]: () => profile(), [tokenPath]: () => issued(1) };
});

afterEach(async () => {
  vendor.requests.length = 0;
  await Promise.all(opened.splice(0).map((source) => source.close()));
});

afterAll(() => vendor.close());

describe('the Display API, by its documentation', () => {
  it('reads the account of the creator', async () => {
    answers[userPath] = () =>
      profile({
        display_name: 'Some One',
        bio_description: 'hello',
        avatar_url: 'https://cdn.example/a.jpg',
        is_verified: true,
        follower_count: 4001943,
        following_count: 74,
        video_count: 2017,
      });
    expect(await connect().fetchProfile(ref, options)).toEqual({
      ok: true,
      value: {
        platformProfileId: null,
        sourceProfileId: '-000aBc',
        username: 'someone',
        name: 'Some One',
        description: 'hello',
        linkInBio: null,
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
      {
        method: 'GET',
        headers: { authorization: 'Bearer act.secret-0' },
        query: { fields: expect.stringContaining('username,bio_description,is_verified,follower_count') },
      },
    ]);
  });

  it('reads pages of videos, no digit of an id lost', async () => {
    const video = {
      id: '7463250363559218474',
      create_time: 1737673396,
      cover_image_url: 'https://cdn.example/c.jpg',
      video_description: 'a caption',
      duration: 33,
      like_count: 44855,
      comment_count: 270,
      share_count: 3100,
      view_count: 355687,
    };
    answers[listPath] = ({ body }) =>
      body.includes('cursor')
        ? reply({ videos: [], has_more: false, cursor: 0 })
        : reply({ videos: [video, { id: '8' }], has_more: true, cursor: 1737673396000 });
    const source = connect();
    const first = await source.fetchPosts(ref, null, options);
    expect(first).toMatchObject({
      ok: true,
      value: {
        posts: [
          {
            externalId: '7463250363559218474',
            createTime: new Date('2025-01-23T23:03:16Z'),
            caption: 'a caption',
            mediaType: 'video',
            durationSeconds: 33,
            coverImageUrl: 'https://cdn.example/c.jpg',
            viewKind: 'displayed',
            precision: 'exact',
            counters: {
              ...noCounters,
              viewCount: 355687,
              playCount: 355687,
              likeCount: 44855,
              commentCount: 270,
              shareCount: 3100,
            },
          },
          { externalId: '8', createTime: null, viewKind: null, counters: noCounters },
        ],
        nextCursor: '1737673396000',
      },
    });
    expect(await source.fetchPosts(ref, first.ok ? first.value.nextCursor : null, options)).toMatchObject({
      value: { posts: [], nextCursor: null },
    });
    expect(bodies(listPath)).toEqual([{ max_count: 20 }, { max_count: 20, cursor: 1737673396000 }]);
    // Who has connected is asked once.
    expect(asked(userPath)).toHaveLength(1);
  });

  it('reads a single video', async () => {
    answers[queryPath] = () => reply({ videos: [{ id: '7463250363559218474', view_count: 5 }] });
    const post: PostRef = {
      platform: 'tiktok',
      externalId: '7463250363559218474',
      shortcode: null,
      authorUsername: 'someone',
    };
    expect(await connect().fetchPost?.(post, options)).toMatchObject({
      ok: true,
      value: {
        author: { platformProfileId: null, username: 'someone' },
        post: { counters: { viewCount: 5, savedCount: null } },
      },
    });
    expect(bodies(queryPath)).toEqual([{ filters: { video_ids: ['7463250363559218474'] } }]);
  });
});

describe('what can go wrong at the Display API', () => {
  it.each<[string, VendorReply, OutcomeCode]>([
    ['a token that is refused', refuse(401, 'access_token_invalid'), 'auth_expired'],
    ['a token that is refused, in other words', refuse(401, 'invalid_token'), 'auth_expired'],
    ['a scope that was not given', refuse(401, 'scope_not_authorized'), 'permission_missing'],
    ['a scope that is missing', refuse(401, 'scope_permission_missed'), 'permission_missing'],
    ['no permission', refuse(403, 'permission_denied'), 'permission_missing'],
    ['too many requests', refuse(429, 'rate_limit_exceeded'), 'rate_limited'],
    ['a used-up day', refuse(429, 'daily_quota_limit_exceeded'), 'quota_exhausted'],
    ['wrong parameters', refuse(400, 'invalid_params'), 'upstream_changed'],
    ['a file it does not want', refuse(400, 'invalid_file_upload'), 'upstream_changed'],
    ['an error of its own', refuse(500, 'internal_error'), 'transient'],
    ['a page of the proxy before it', { status: 502, body: '<html>Bad gateway</html>' }, 'transient'],
    ['nobody', reply({ user: null }), 'auth_expired'],
    ['no user', reply({}), 'upstream_changed'],
    ['a user without a name', reply({ user: { open_id: 'a', follower_count: 5 } }), 'upstream_changed'],
    ['a user without followers', reply({ user: { username: 'someone' } }), 'upstream_changed'],
    ['another account', profile({ username: 'another' }), 'unsupported_account'],
    ['truncated JSON', { body: '{"data":{"us' }, 'transient'],
    ['a connection that is cut', { body: null }, 'transient'],
    ['no answer', { body: undefined }, 'transient'],
  ])('%s', async (_name, refusal, code) => {
    answers[userPath] = () => refusal;
    answers[listPath] = () => reply({ videos: [], has_more: false });
    const result = await connect().fetchProfile(ref, options);
    expect(outcome(result)).toBe(code);
    expect(JSON.stringify(result)).not.toMatch(/secret|a-client/);
    expect(outcome(await connect().fetchPosts(ref, null, options))).toBe(code);
  });

  it('holds back all requests for the minute over which they are counted', async () => {
    answers[userPath] = () => refuse(429, 'rate_limit_exceeded');
    const source = connect();
    expect(await source.fetchProfile(ref, options)).toMatchObject({ failure: { retryAfterMs: 60_000 } });
    expect(outcome(await source.fetchProfile(ref, options))).toBe('rate_limited');
    expect(vendor.requests).toHaveLength(1);
  });

  it.each<[string, VendorReply, OutcomeCode]>([
    [
      'a consent that was taken back',
      { status: 400, body: { error: 'invalid_grant', error_description: 'x', log_id: '1' } },
      'auth_expired',
    ],
    ['a consent that was taken back, with status 200', { body: { error: 'invalid_grant' } }, 'auth_expired'],
    ['a wrong secret', { status: 401, body: { error: 'invalid_client' } }, 'auth_expired'],
    ['a request it does not know', { status: 400, body: { error: 'invalid_request' } }, 'upstream_changed'],
    ['an error of its own', { status: 500, body: '' }, 'transient'],
    ['too many', { status: 429, body: {} }, 'rate_limited'],
    ['nothing', { body: {} }, 'upstream_changed'],
    ['a connection that is cut', { body: null }, 'transient'],
  ])('no new token: %s', async (_name, refusal, code) => {
    answers[tokenPath] = () => refusal;
    const result = await connect(null).fetchProfile(ref, options);
    expect(outcome(result)).toBe(code);
    expect(JSON.stringify(result)).not.toMatch(/secret|a-client/);
    // A refresh token may serve once: it is not sent a second time by itself.
    expect(asked(tokenPath)).toHaveLength(1);
    expect(asked(userPath)).toEqual([]);
  });
});

describe('tokens', () => {
  it('that were refused are renewed with the refresh token, which may be replaced', async () => {
    answers[userPath] = ({ headers }) =>
      headers.authorization === 'Bearer act.secret-0' ? refuse(401, 'access_token_invalid') : profile();
    const source = connect();
    expect(outcome(await source.fetchProfile(ref, options))).toBe('ok');
    expect(asked(tokenPath)[0]?.body).toBe(
      'client_key=a-client-key&client_secret=a-client-secret&grant_type=refresh_token&refresh_token=rft.secret-0',
    );
    expect(rotations).toBe(1);
    answers[tokenPath] = () => issued(2);
    expect(outcome(await source.fetchProfile(ref, later(24 * 60)))).toBe('ok');
    expect(asked(tokenPath)[1]?.body).toContain('refresh_token=rft.secret-1');
    expect(vendor.requests.at(-1)?.headers.authorization).toBe('Bearer act.secret-2');
  });

  it('are renewed once, however many ask, and the refresh token stays where none comes back', async () => {
    answers[tokenPath] = () => issued(1, { refresh_token: undefined });
    const source = connect(null);
    await Promise.all([1, 2, 3].map(() => source.fetchProfile(ref, options)));
    expect(asked(tokenPath)).toHaveLength(1);
    await source.fetchProfile(ref, later(24 * 60));
    expect(asked(tokenPath)[1]?.body).toContain('refresh_token=rft.secret-0');
    expect(rotations).toBe(0);
  });

  it('that are refused although they are new are no reason to go on asking', async () => {
    answers[userPath] = () => refuse(401, 'access_token_invalid');
    expect(outcome(await connect().fetchProfile(ref, options))).toBe('auth_expired');
    expect(asked(userPath)).toHaveLength(2);
  });

  it('that cannot be renewed are not asked for again for each profile', async () => {
    answers[tokenPath] = () => ({ status: 400, body: { error: 'invalid_grant' } });
    const source = connect(null);
    for (const minutes of [0, 1, 4])
      expect(outcome(await source.fetchProfile(ref, later(minutes)))).toBe('auth_expired');
    expect(asked(tokenPath)).toHaveLength(1);
    answers[tokenPath] = () => issued(1);
    expect(outcome(await source.fetchProfile(ref, later(5)))).toBe('ok');
  });

  it('that were replaced are named in the log, without a secret', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const values = {
      client_key: 'a-client-key',
      client_secret: 'a-client-secret',
      refresh_token: 'rft.secret-0',
      url: vendor.url,
    };
    const [source] = await createSources([{ name: 'tiktok_display', values }], { logger });
    expect(source && outcome(await source.fetchProfile(ref, options))).toBe('ok');
    await source?.close();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('the refresh token was replaced');
    expect(lines[0]).not.toMatch(/secret-|a-client/);
  });
});

describe('whoever has not connected', () => {
  const another = { ...ref, username: 'another' };
  const post: PostRef = { platform: 'tiktok', externalId: '5', shortcode: null, authorUsername: 'another' };

  it('is out of reach, and that costs no request for an hour', async () => {
    const source = connect();
    expect(outcome(await source.fetchProfile(another, options))).toBe('unsupported_account');
    expect(outcome(await source.fetchProfile(another, later(59)))).toBe('unsupported_account');
    expect(outcome(await source.fetchPosts(another, null, later(59)))).toBe('unsupported_account');
    const video = await source.fetchPost?.(post, later(59));
    expect(video && outcome(video)).toBe('unsupported_account');
    expect(vendor.requests).toHaveLength(1);
    answers[userPath] = () => profile({ username: 'another' });
    expect(outcome(await source.fetchProfile(another, later(60)))).toBe('ok');
  });

  it('is never told by a video that is missing', async () => {
    answers[queryPath] = () => reply({ videos: [] });
    const source = connect();
    const ofNobody = await source.fetchPost?.({ ...post, authorUsername: null }, options);
    expect(ofNobody && outcome(ofNobody)).toBe('unsupported_account');
    const ofTheirs = await source.fetchPost?.({ ...post, authorUsername: 'someone' }, options);
    expect(ofTheirs && outcome(ofTheirs)).toBe('removed_post');
  });
});

describe('videos', () => {
  it.each<[string, VendorReply, OutcomeCode]>([
    ['none, of an account without videos', reply({ videos: [], has_more: false }), 'ok'],
    ['none, without the field', reply({ has_more: false, cursor: 0 }), 'ok'],
    ['none, as null', reply({ videos: null }), 'ok'],
    ['nothing that belongs to a list', reply({ items: [] }), 'upstream_changed'],
    ['no list', reply({ videos: {} }), 'upstream_changed'],
    ['a refusal', refuse(401, 'scope_not_authorized'), 'permission_missing'],
  ])('%s', async (_name, answer, code) => {
    answers[userPath] = () => profile({ video_count: 0 });
    answers[listPath] = () => answer;
    expect(outcome(await connect().fetchPosts(ref, null, options))).toBe(code);
  });

  it('that do not come of an account that has some are not believed to be none', async () => {
    answers[listPath] = () => reply({ videos: [], has_more: false });
    expect(outcome(await connect().fetchPosts(ref, null, options))).toBe('transient');
  });

  it('are refused without an id, and more of them without a cursor are noticed', async () => {
    answers[listPath] = () => reply({ videos: [{ id: '9' }, {}, 'x'], has_more: true });
    expect(await connect().fetchPosts(ref, null, options)).toMatchObject({
      value: {
        posts: [{ externalId: '9' }],
        refused: [
          { reason: 'a post without an id' },
          { reason: 'a post without an id' },
          { reason: 'more pages are announced, but no cursor is given' },
        ],
        nextCursor: null,
      },
    });
    expect(outcome(await connect().fetchPosts(ref, 'x', options))).toBe('upstream_changed');
  });

  it.each<[string, VendorReply, OutcomeCode]>([
    ['another one', reply({ videos: [{ id: '7' }] }), 'upstream_changed'],
    ['no list', reply({ videos: {} }), 'upstream_changed'],
    ['a refusal', refuse(429, 'rate_limit_exceeded'), 'rate_limited'],
  ])('asked for singly: %s', async (_name, answer, code) => {
    answers[queryPath] = () => answer;
    const post: PostRef = { platform: 'tiktok', externalId: '5', shortcode: null, authorUsername: 'someone' };
    const result = await connect().fetchPost?.(post, options);
    expect(result && outcome(result)).toBe(code);
  });
});
