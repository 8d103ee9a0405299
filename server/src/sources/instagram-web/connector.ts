import { createHttpClient, type HttpClient } from '../http-client.ts';
import { type Fields, fieldsAt, list } from '../fields.ts';
import type { Manifest } from '../manifest.ts';
import { failed, ok } from '../outcome.ts';
import { withHiddenCounts } from '../payloads/hidden-counts.ts';
import { hidesCounts, instagramUser } from '../payloads/instagram-user.ts';
import { instagramWebMedia } from '../payloads/instagram-web.ts';
import { type Normalised, toPage } from '../payloads/normalised.ts';
import { checkProfile } from '../profile-checks.ts';
import { createSameRefresh, type SameRefresh } from '../same-refresh.ts';
import type { ObservedProfile, PostPage, ProfileRef, RequestOptions, Result, Source } from '../source.ts';
import { type BackOff, createBackOff } from '../web/back-off.ts';
import { userAgent } from '../web/user-agent.ts';
import { readProfilePage } from './profile-page.ts';
import { checkGate, readUser } from './reply.ts';

export interface InstagramWebOptions {
  manifest: Manifest;
  baseUrl: string;
  /** Whether the legacy views, the only ones there are, are given; else views are unknown. */
  withLegacyViews: boolean;
}

/** What the site itself sends; it is no secret, and the same for everybody. */
const siteHeaders = { 'x-ig-app-id': '936619743392459', 'x-requested-with': 'XMLHttpRequest' };

/** A user, or why there is none beside a profile that its page showed. */
type Seen = { user: Fields } | { reason: string };

interface Web {
  client: HttpClient;
  heed: BackOff;
  seen: SameRefresh<Seen>;
  withLegacyViews: boolean;
}

/** Instagram's public profiles as its site shows them to people without an account. */
export function createInstagramWeb({ manifest, baseUrl, withLegacyViews }: InstagramWebOptions): Source {
  const { name, limits } = manifest;
  const headers = { 'user-agent': userAgent, 'accept-language': 'en' };
  const client = createHttpClient({ name, baseUrl, limits, headers });
  const web: Web = { client, heed: createBackOff(client), seen: createSameRefresh(), withLegacyViews };
  let closing: Promise<void> | undefined;
  return {
    name,
    platforms: manifest.platforms,
    isSandbox: false,
    idSpace: manifest.idSpace,
    fetchProfile: (ref, options) => fetchProfile(web, ref, options),
    fetchPosts: (ref, _cursor, options) => fetchPosts(web, ref, options),
    close() {
      closing ??= client.close();
      return closing;
    },
  };
}

async function fetchProfile(web: Web, ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>> {
  const { username } = ref;
  const path = '/api/v1/users/web_profile_info/';
  const answer = await web.client.get({ path, query: { username }, headers: siteHeaders, signal: options.signal });
  if (!answer.ok) return answer;
  const reply = readUser(answer.value, username, options.now.getTime());
  if (!reply.ok && reply.isPageWorthALook) return fetchPage(web, ref, reply.failure.message, options);
  const user = web.heed(reply.ok ? checkGate(reply.value, username) : reply);
  if (!user.ok) return { ok: false, failure: user.failure };
  web.seen.keep(username, { user: user.value }, options);
  return checkProfile(instagramUser(user.value), ref);
}

async function fetchPage(
  { client, heed, seen }: Web,
  ref: ProfileRef,
  reason: string,
  options: RequestOptions,
): Promise<Result<ObservedProfile>> {
  const path = `/${encodeURIComponent(ref.username)}/`;
  const answer = await client.get({ path, query: {}, headers: { accept: 'text/html' }, signal: options.signal });
  if (!answer.ok) return answer;
  const profile = heed(readProfilePage(answer.value, ref.username, options.now.getTime()));
  if (!profile.ok) return profile;
  seen.keep(ref.username, { reason }, options);
  return checkProfile(profile.value, ref);
}

/** The twelve newest come with the profile; more are not shown without an account. */
async function fetchPosts(web: Web, ref: ProfileRef, options: RequestOptions): Promise<Result<PostPage>> {
  let seen = web.seen.take(ref.username, options);
  if (seen === null) {
    const profile = await fetchProfile(web, ref, options);
    if (!profile.ok) return profile;
    seen = web.seen.take(ref.username, options);
  }
  if (seen === null || 'reason' in seen) return ok(withoutPosts(seen?.reason ?? 'nothing was kept'));
  const timeline = fieldsAt(seen.user, 'edge_owner_to_timeline_media');
  const edges = list(timeline?.edges);
  if (edges === null) return ok(withoutPosts('the answer has no timeline'));
  const count = instagramUser(seen.user)?.postCount ?? null;
  if (edges.length === 0 && count !== 0) {
    return failed(
      'transient',
      `the timeline of ${ref.username} is empty, but it has ${count ?? 'an unknown number of'} posts`,
    );
  }
  const posts = edges.map((edge) => withViews(instagramWebMedia(fieldsAt(edge, 'node')), web.withLegacyViews));
  const page = toPage(posts, { isMore: false, cursor: null });
  return ok(hidesCounts(seen.user) ? { ...page, posts: page.posts.map(withHiddenCounts) } : page);
}

/** A profile without a look at its posts: nothing is said of them. */
const withoutPosts = (why: string): PostPage => ({
  posts: [],
  refused: [{ externalId: null, reason: `the posts were not shown: ${why}`.slice(0, 300), excerpt: {} }],
  nextCursor: null,
});

function withViews(item: Normalised, withLegacyViews: boolean): Normalised {
  if (withLegacyViews || !('post' in item) || item.post.viewKind !== 'legacy') return item;
  const { post } = item;
  return { post: { ...post, viewKind: null, counters: { ...post.counters, viewCount: null } } };
}
