import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { startVendorServer, type VendorReply, type VendorServer } from '../../../test/support/vendor-server.ts';
import type { OutcomeCode, Result, Source } from '../source.ts';
import { createInstagramGraph } from './connector.ts';
import { instagramGraphManifest } from './manifest.ts';

const options = { now: new Date('2026-11-01T00:00:00Z') };
const ref = { platform: 'instagram', username: 'someone', platformProfileId: null } as const;
const outcome = (result: Result<unknown>): OutcomeCode => (result.ok ? 'ok' : result.failure.code);

const graphError = (code: number, error_subcode?: number, more: object = {}): VendorReply => ({
  status: 400,
  body: { error: { message: 'said by Graph', type: 'OAuthException', code, error_subcode, fbtrace_id: 'x', ...more } },
});

const manifest = {
  ...instagramGraphManifest,
  limits: {
    ...instagramGraphManifest.limits,
    requestTimeoutMs: 200,
    retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 2, budgetPercent: 100 },
    breaker: { failures: 1000, halfOpenAfterMs: 1 },
  },
};

let vendor: VendorServer;
const opened: Source[] = [];

/** Each has its own pause and its own memory of refused fields. */
function connect(): Source {
  const options = {
    manifest,
    baseUrl: vendor.url,
    version: 'v26.0',
    userId: '17841453909361782',
    token: 'a-secret-token',
  };
  const source = createInstagramGraph(options);
  opened.push(source);
  return source;
}

beforeAll(async () => {
  vendor = await startVendorServer(() => ({}));
});

afterEach(async () => {
  vendor.requests.length = 0;
  await Promise.all(opened.splice(0).map((source) => source.close()));
});

afterAll(() => vendor.close());

describe('what can go wrong at Business Discovery', () => {
  it.each<[string, VendorReply, OutcomeCode]>([
    ['missing, personal or age-gated', graphError(110, 2207013), 'not_found'],
    ['media not found', graphError(24, 2207006), 'not_found'],
    ['a field it does not know', graphError(100), 'upstream_changed'],
    ['no permission', graphError(10), 'permission_missing'],
    ['no permission, lowest', graphError(200), 'permission_missing'],
    ['no permission, highest', graphError(299), 'permission_missing'],
    ['a dead token', graphError(190, 463), 'auth_expired'],
    ['a changed password', graphError(190, 460), 'auth_expired'],
    ['a dead session', graphError(102), 'auth_expired'],
    ['an app at its limit', graphError(4), 'rate_limited'],
    ['a user at the limit', graphError(17), 'rate_limited'],
    ['a page at its limit', graphError(32), 'rate_limited'],
    ['a limit of its own', graphError(613), 'rate_limited'],
    ['a business at its limit', graphError(80002), 'rate_limited'],
    ['too many requests', { status: 429, body: {} }, 'rate_limited'],
    ['an unknown error', graphError(1), 'transient'],
    ['a service that is away', graphError(2, undefined, { is_transient: true }), 'transient'],
    ['a failed publish', graphError(-1, 2207001), 'transient'],
    ['an unlisted code that passes', graphError(4711, undefined, { is_transient: true }), 'transient'],
    ['an unlisted code', graphError(4711), 'upstream_changed'],
    ['a block for policy', graphError(368), 'blocked'],
    ['a server error', { status: 500, body: {} }, 'transient'],
    ['a page of the proxy before it', { status: 503, body: '<html>' }, 'transient'],
    ['truncated JSON', { body: '{"business_discovery":{"followers' }, 'transient'],
    ['a client error without an error', { status: 400, body: {} }, 'upstream_changed'],
    ['no business_discovery', { body: { id: '1' } }, 'upstream_changed'],
    [
      'a follower count of another shape',
      { body: { business_discovery: { followers_count: '5k' } } },
      'upstream_changed',
    ],
    ['a redirect to a login', { status: 302, headers: { location: '/login.php' }, body: '' }, 'challenge'],
    ['no answer', { body: undefined }, 'transient'],
  ])('%s', async (_name, reply, code) => {
    vendor.answer = () => reply;
    const result = await connect().fetchProfile(ref, options);
    expect(outcome(result)).toBe(code);
    expect(JSON.stringify(result)).not.toContain('a-secret-token');
  });

  it('decides on the code, not on the status', async () => {
    vendor.answer = () => ({ ...graphError(190), status: 500 });
    expect(outcome(await connect().fetchProfile(ref, options))).toBe('auth_expired');
  });

  it('never sends a name that could rewrite the request', async () => {
    for (const username of ['a){id}', 'a b', 'ü', '']) {
      expect(outcome(await connect().fetchProfile({ ...ref, username }, options))).toBe('not_found');
    }
    expect(outcome(await connect().fetchPosts(ref, 'x){id}', options))).toBe('upstream_changed');
    expect(vendor.requests).toHaveLength(0);
  });
});

describe('a refused field', () => {
  const profile = { business_discovery: { username: 'someone', followers_count: 5 } };
  const media = { business_discovery: { media_count: 0 } };
  const fields = () => vendor.requests.splice(0).map(({ query }) => query.fields ?? '');
  const later = (minutes: number) => ({ now: new Date(options.now.getTime() + minutes * 60_000) });
  const unknownField = (name: string) =>
    graphError(100, undefined, { message: `(#100) Tried accessing nonexisting field (${name}) on node type (IGUser)` });
  const refuse = (refused: readonly string[], answerOf: (field: string) => VendorReply) => {
    vendor.answer = ({ query }) => {
      const asked = new Set<string>(query.fields?.match(/\w+/g));
      const first = refused.find((field) => asked.has(field));
      if (first !== undefined) return answerOf(first);
      return { body: asked.has('limit') ? media : profile };
    };
  };

  it('is left out alone when the answer names it, and of profiles only', async () => {
    refuse(['biography', 'website'], unknownField);
    const source = connect();
    expect(outcome(await source.fetchProfile(ref, options))).toBe('ok');
    expect(outcome(await source.fetchProfile(ref, options))).toBe('ok');
    const asked = fields();
    expect(asked.map((each) => each.includes('biography'))).toEqual([true, false, false, false]);
    expect(asked.map((each) => each.includes('website'))).toEqual([true, true, false, false]);
    expect(asked.at(-1)).toContain('{id,username,name,followers_count,follows_count,media_count,profile_picture_url}');
    expect(outcome(await source.fetchPosts(ref, null, options))).toBe('ok');
    expect(fields()).toEqual([expect.stringMatching(/caption,.*view_count/)]);
  });

  it('of media costs the media one field, and profiles none', async () => {
    refuse(['media_product_type'], unknownField);
    const source = connect();
    await source.fetchPosts(ref, null, options);
    await source.fetchProfile(ref, options);
    const [, retried, ofProfile] = fields();
    expect(retried).toContain('{id,caption,comments_count,like_count,view_count,media_type,media_url,');
    expect(ofProfile).toContain('biography');
  });

  it('that is not named leaves the minimal set, from the second request on', async () => {
    refuse(['biography'], () => graphError(100));
    const source = connect();
    expect(outcome(await source.fetchProfile(ref, options))).toBe('ok');
    expect(outcome(await source.fetchProfile(ref, options))).toBe('ok');
    const minimal = 'business_discovery.username(someone){id,username,followers_count,media_count}';
    expect(fields()).toEqual([expect.stringContaining('biography'), minimal, minimal]);
    await source.fetchPosts(ref, null, options);
    expect(fields()).toEqual([expect.stringContaining('view_count')]);
  });

  it('is asked for again after an hour, by the time of the requests', async () => {
    refuse(['view_count'], unknownField);
    const source = connect();
    await source.fetchPosts(ref, null, options);
    await source.fetchPosts(ref, null, later(59));
    expect(fields().map((asked) => asked.includes('view_count'))).toEqual([true, false, false]);
    await source.fetchPosts(ref, null, later(60));
    refuse([], unknownField);
    await source.fetchPosts(ref, null, later(119));
    expect(fields().map((asked) => asked.includes('view_count'))).toEqual([true, false, false]);
    await source.fetchPosts(ref, null, later(120));
    expect(fields().map((asked) => asked.includes('view_count'))).toEqual([true]);
  });

  it.each([
    ['does not say which', () => graphError(100)],
    ['names them one by one', unknownField],
    ['names one without which nothing can be read', () => unknownField('followers_count')],
  ])('is asked for again at once when leaving out did not help and the answer %s', async (_name, answerOf) => {
    refuse(['biography', 'name', 'followers_count'], answerOf);
    const source = connect();
    expect(outcome(await source.fetchProfile(ref, options))).toBe('upstream_changed');
    expect(fields().length).toBeLessThanOrEqual(4);
    refuse([], answerOf);
    expect(outcome(await source.fetchProfile(ref, options))).toBe('ok');
    expect(fields()).toEqual([expect.stringContaining('biography')]);
  });
});

describe('an empty feed', () => {
  const cursor = 'QVFIUmJt';

  it.each<[string, object, string | null, OutcomeCode]>([
    ['of a profile without posts', { media_count: 0 }, null, 'ok'],
    ['of a profile without posts, with its edge', { media_count: 0, media: { data: [] } }, null, 'ok'],
    ['after the last page', { media_count: 7 }, cursor, 'ok'],
    ['after the last page, with its edge', { media_count: 7, media: { data: [] } }, cursor, 'ok'],
    ['under another name', { media_count: 7, media_v2: { data: [{}] } }, null, 'upstream_changed'],
    ['of a profile that has posts', { media_count: 7, media: { data: [] } }, null, 'upstream_changed'],
    ['of a profile that does not say how many it has', {}, null, 'upstream_changed'],
    ['without its data', { media_count: 0, media: {} }, null, 'upstream_changed'],
  ])('%s', async (_name, business_discovery, from, code) => {
    vendor.answer = () => ({ body: { business_discovery } });
    const result = await connect().fetchPosts(ref, from, options);
    expect(outcome(result)).toBe(code);
    if (result.ok) expect(result.value).toEqual({ posts: [], refused: [], nextCursor: null });
    expect(vendor.requests.at(-1)?.query.fields).toContain('{username,media_count,media.limit(50)');
  });
});

describe('usage', () => {
  const ok = (headers: Record<string, string>): VendorReply => ({
    headers,
    body: { business_discovery: { followers_count: 5 } },
  });
  const business = (minutes: number) =>
    JSON.stringify({ '17841': [{ type: 'instagram', call_count: 100, estimated_time_to_regain_access: minutes }] });

  it('waits for the minutes that the API estimates, without asking again', async () => {
    vendor.answer = () => ({ ...graphError(80002), headers: { 'x-business-use-case-usage': business(17) } });
    const source = connect();
    expect(await source.fetchProfile(ref, options)).toMatchObject({
      failure: { code: 'rate_limited', retryAfterMs: 17 * 60_000 },
    });
    expect(outcome(await source.fetchProfile(ref, options))).toBe('rate_limited');
    expect(vendor.requests).toHaveLength(1);
  });

  it('stops at the limit even when the last call went through', async () => {
    vendor.answer = () => ok({ 'x-app-usage': '{"call_count":100,"total_time":3,"total_cputime":1}' });
    const source = connect();
    expect(outcome(await source.fetchProfile(ref, options))).toBe('ok');
    expect(await source.fetchPosts(ref, null, options)).toMatchObject({ failure: { code: 'rate_limited' } });
    expect(vendor.requests).toHaveLength(1);
  });

  it('goes on below three quarters, and with headers it cannot read', async () => {
    const headers = ['{"call_count":74}', '', 'x', '[]', '{"call_count":"many"}'];
    for (const value of headers) {
      vendor.answer = () => ok({ 'x-app-usage': value, 'x-business-use-case-usage': value });
      const source = connect();
      expect(outcome(await source.fetchProfile(ref, options))).toBe('ok');
      expect(outcome(await source.fetchProfile(ref, options))).toBe('ok');
    }
  });
});
