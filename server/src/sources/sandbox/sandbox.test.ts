import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ObservedPost, OutcomeCode, Platform, PostPage, ProfileRef, Result, Source } from '../source.ts';
import { countsAt } from './counters.ts';
import type { FaultRule } from './fault-rules.ts';
import { sandboxManifest } from './manifest.ts';
import { postId } from './post-ids.ts';
import { type SandboxServer, startSandboxServer } from './server.ts';
import { createSandboxSource } from './source.ts';
import { createWorld } from './world.ts';

const now = new Date('2026-11-01T12:00:00Z');
const later = new Date('2026-11-08T12:00:00Z');
const platforms: Platform[] = ['instagram', 'tiktok'];
const ref = (platform: Platform, username: string, platformProfileId: string | null = null): ProfileRef => ({
  platform,
  username,
  platformProfileId,
});
const outcome = (result: Result<unknown>): OutcomeCode => (result.ok ? 'ok' : result.failure.code);
function valueOf<T>(result: Result<T> | undefined): T {
  if (!result?.ok) throw new Error(JSON.stringify(result));
  return result.value;
}

const limits = {
  ...sandboxManifest.limits,
  requestTimeoutMs: 300,
  retry: { ...sandboxManifest.limits.retry, initialDelayMs: 1, maxDelayMs: 2, budgetPercent: 100 },
  breaker: { failures: 1000, halfOpenAfterMs: 1 },
};

let server: SandboxServer;
let source: Source;

beforeAll(async () => {
  server = await startSandboxServer({ seed: 'tallyline', pageSize: 20 });
  source = createSandboxSource({ manifest: { ...sandboxManifest, limits }, baseUrl: server.url });
});

beforeEach(() => server.faults.set([]));

afterAll(async () => {
  await source.close();
  await server.close();
});

async function everyPost(profile: ProfileRef, at: Date): Promise<ObservedPost[]> {
  const posts: ObservedPost[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: PostPage = valueOf(await source.fetchPosts(profile, cursor, { now: at }));
    expect(page.refused).toEqual([]);
    posts.push(...page.posts);
    cursor = page.nextCursor;
    if (cursor === null) return posts;
  }
}

describe.each(platforms)('the sandbox through the real connector: %s', (platform) => {
  it('gives exactly what the world holds, over as many pages as it takes', async () => {
    const world = createWorld('tallyline');
    const profile = valueOf(await source.fetchProfile(ref(platform, 'somebody_3'), { now }));
    const expected = world.profile(platform, 'somebody_3', now.getTime());
    const creator = expected?.creator;
    if (!expected || !creator) throw new Error('somebody_3 should exist');
    expect(profile).toMatchObject({
      platformProfileId: creator.userId,
      username: 'somebody_3',
      postCount: expected.postCount,
    });
    const posts = await everyPost(ref(platform, 'somebody_3'), now);
    expect(new Set(posts.map(({ externalId }) => externalId)).size).toBe(expected.postCount);
    for (const post of world.posts(creator, now.getTime(), null, 20).posts) {
      const counts = countsAt(post, now.getTime());
      const isInstagram = platform === 'instagram';
      const hasViews = !isInstagram || post.kind === 'video';
      expect(posts.find(({ externalId }) => externalId === postId(creator, post.slot))).toMatchObject({
        createTime: new Date(post.createdMs),
        mediaType: post.kind,
        viewKind: hasViews ? 'displayed' : null,
        counters: {
          viewCount: hasViews ? counts.views : null,
          playCount: hasViews ? counts.views : null,
          likeCount: isInstagram && post.hidesLikes ? null : counts.likes,
          commentCount: counts.comments,
          shareCount: counts.shares,
          savedCount: isInstagram ? null : counts.saves,
        },
      });
    }
  });

  it('puts pinned posts first, whatever their age', async () => {
    const world = createWorld('tallyline');
    const names = Array.from({ length: 30 }, (_, index) => `pinner_${index}`);
    const pinner = names.find((name) => {
      const profile = world.profile(platform, name, now.getTime());
      return profile && world.pinned(profile.creator, now.getTime()).length > 1;
    });
    const page = valueOf(await source.fetchPosts(ref(platform, pinner ?? ''), null, { now }));
    expect(page.posts.map(({ isPinned }) => isPinned).slice(0, 2)).toEqual([true, true]);
    expect(page.posts.at(-1)?.isPinned).toBe(false);
    const newest = page.posts.find(({ isPinned }) => !isPinned)?.createTime?.getTime();
    expect(page.posts[0]?.createTime?.getTime()).toBeLessThan(newest ?? 0);
  });

  it('moves with the time of the request, and back', async () => {
    const viewsAt = async (at: Date) => {
      const posts = await everyPost(ref(platform, 'viral_3'), at);
      return new Map(posts.map(({ externalId, counters }) => [externalId, counters.viewCount ?? 0]));
    };
    const [first, second, again] = [await viewsAt(now), await viewsAt(later), await viewsAt(now)];
    expect(again).toEqual(first);
    // Within a week some posts are new, and of those that stay at least one has grown.
    expect([...second.keys()].some((id) => !first.has(id))).toBe(true);
    expect([...first].some(([id, views]) => (second.get(id) ?? 0) > views)).toBe(true);
  });

  it('finds a single post by its id alone, once its author is known', async () => {
    const [post] = await everyPost(ref(platform, 'somebody_4'), now);
    const postRef = { platform, externalId: post?.externalId ?? '', shortcode: null, authorUsername: null };
    const found = valueOf(await source.fetchPost?.(postRef, { now }));
    expect(found.author?.username).toBe('somebody_4');
    expect(found.post.counters.viewCount).toBe(post?.counters.viewCount);
    expect(found.post.counters.commentCount).toBe(post?.counters.commentCount);
    const unknown = { ...postRef, externalId: '7000000000000000001' };
    expect(outcome((await source.fetchPost?.(unknown, { now })) ?? { ok: true, value: null })).toBe('removed_post');
  });

  it('knows who is missing, private or empty', async () => {
    expect(outcome(await source.fetchProfile(ref(platform, 'missing_1'), { now }))).toBe('not_found');
    expect(outcome(await source.fetchPosts(ref(platform, 'missing_1'), null, { now }))).toBe('not_found');
    expect(outcome(await source.fetchProfile(ref(platform, 'private_1'), { now }))).toBe('private');
    expect(outcome(await source.fetchPosts(ref(platform, 'private_1'), null, { now }))).toBe('private');
    expect(valueOf(await source.fetchPosts(ref(platform, 'empty_1'), null, { now })).posts).toEqual([]);
  });

  it('follows a renamed account by its id, even on a server that has just started', async () => {
    const name = 'renamed20261105_x';
    const before = valueOf(await source.fetchProfile(ref(platform, name), { now }));
    expect(outcome(await source.fetchProfile(ref(platform, name), { now: later }))).toBe('not_found');
    const fresh = await startSandboxServer({ seed: 'tallyline' });
    const other = createSandboxSource({ manifest: sandboxManifest, baseUrl: fresh.url, onClose: fresh.close });
    const after = await other.fetchProfile(ref(platform, name, before.platformProfileId), { now: later });
    await other.close();
    expect(valueOf(after)).toMatchObject({ username: `now_${name}`, platformProfileId: before.platformProfileId });
  });

  it.each<[FaultRule, OutcomeCode, OutcomeCode]>([
    [{ kind: 'rate_limited', retryAfterSeconds: 7 }, 'rate_limited', 'rate_limited'],
    [{ kind: 'server_error' }, 'transient', 'transient'],
    [{ kind: 'bad_key' }, 'auth_expired', 'auth_expired'],
    [{ kind: 'no_credits' }, 'insufficient_credit', 'insufficient_credit'],
    [{ kind: 'timeout' }, 'transient', 'transient'],
    [{ kind: 'dropped_connection' }, 'transient', 'transient'],
    [{ kind: 'truncated_json' }, 'transient', 'transient'],
    [{ kind: 'malformed_json' }, 'transient', 'transient'],
    [{ kind: 'login_wall' }, 'challenge', 'challenge'],
    [{ kind: 'login_redirect' }, 'challenge', 'challenge'],
    [{ kind: 'wrong_schema' }, 'upstream_changed', 'upstream_changed'],
    [{ kind: 'renamed_subject' }, 'upstream_changed', 'upstream_changed'],
    [{ kind: 'empty_list' }, 'ok', 'transient'],
    [{ kind: 'zero_followers' }, 'ok', 'ok'],
  ])('has the fault %j', async (rule, ofProfile, ofPosts) => {
    server.faults.set([{ ...rule, handle: 'faulty' }]);
    const profile = await source.fetchProfile(ref(platform, 'faulty'), { now });
    expect(outcome(profile)).toBe(ofProfile);
    if (rule.kind === 'rate_limited') expect(profile).toMatchObject({ failure: { retryAfterMs: 7000 } });
    if (rule.kind === 'zero_followers') expect(valueOf(profile).followerCount).toBe(0);
    expect(outcome(await source.fetchPosts(ref(platform, 'faulty'), null, { now }))).toBe(ofPosts);
    expect(outcome(await source.fetchProfile(ref(platform, 'healthy'), { now }))).toBe('ok');
  });
});

describe('faults', () => {
  const ask = async () => outcome(await source.fetchProfile(ref('tiktok', 'anyone'), { now }));

  it('end after so many requests', async () => {
    server.faults.set([{ kind: 'malformed_json', count: 2 }]);
    expect([await ask(), await ask(), await ask()]).toEqual(['transient', 'transient', 'ok']);
  });

  it('strike with a probability that the seed decides', async () => {
    const run = async () => {
      server.faults.set([{ kind: 'malformed_json', probability: 0.4 }]);
      const outcomes: string[] = [];
      for (let count = 0; count < 40; count += 1) outcomes.push(await ask());
      return outcomes;
    };
    const first = await run();
    expect(await run()).toEqual(first);
    const struck = first.filter((code) => code === 'transient').length;
    expect(struck).toBeGreaterThan(5);
    expect(struck).toBeLessThan(30);
  });

  it('can be limited to a path', async () => {
    server.faults.set([{ kind: 'malformed_json', path: '/v3/' }]);
    expect(await ask()).toBe('ok');
    expect(outcome(await source.fetchPosts(ref('tiktok', 'anyone'), null, { now }))).toBe('transient');
  });

  it('an empty list only for the first region is healed by the second', async () => {
    server.faults.set([{ kind: 'empty_list', count: 1 }]);
    expect(valueOf(await source.fetchPosts(ref('tiktok', 'anyone'), null, { now })).posts.length).toBeGreaterThan(0);
  });

  it('are switched over HTTP, and rules that are none are refused', async () => {
    const put = (rules: unknown) =>
      fetch(`${server.url}/_sandbox/faults`, { method: 'PUT', body: JSON.stringify(rules) });
    expect((await put([{ kind: 'malformed_json' }])).status).toBe(200);
    expect(await ask()).toBe('transient');
    for (const wrong of [{}, [{ kind: 'gremlins' }], ['server_error']]) expect((await put(wrong)).status).toBe(422);
    expect((await put([])).status).toBe(200);
    expect(await ask()).toBe('ok');
  });
});
