import { type Fields, text } from '../fields.ts';
import { type Answer, createHttpClient, type HttpClient } from '../http-client.ts';
import type { Manifest } from '../manifest.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import { findObject } from '../payloads/find-object.ts';
import { tiktokStatus } from '../payloads/tiktok-status.ts';
import { tiktokUser } from '../payloads/tiktok-user.ts';
import { tiktokWebAuthor, tiktokWebItem, whyHidden } from '../payloads/tiktok-web-item.ts';
import { checkPost, removedWhenNotFound } from '../post-checks.ts';
import { checkEmptyList, checkProfile } from '../profile-checks.ts';
import { createSameRefresh, type SameRefresh } from '../same-refresh.ts';
import type {
  ObservedPostWithAuthor,
  ObservedProfile,
  PostPage,
  PostRef,
  ProfileRef,
  RequestOptions,
  Result,
  Source,
} from '../source.ts';
import { type BackOff, createBackOff } from '../web/back-off.ts';
import { userAgent } from '../web/user-agent.ts';
import { createDeviceId, type DeviceId } from './device-id.ts';
import { isSecUid, type Position, readFeed, readPosition } from './feed.ts';
import { isUnfilled, readDetail } from './page.ts';

export interface TiktokWebOptions {
  manifest: Manifest;
  baseUrl: string;
}

/** What a profile's page told, for the feed of the same refresh. */
interface Seen {
  secUid: string;
  profile: ObservedProfile;
}

interface Web {
  client: HttpClient;
  heed: BackOff;
  seen: SameRefresh<Seen>;
  device: DeviceId;
}

/** TikTok's public pages as its site shows them to people without an account. */
export function createTiktokWeb({ manifest, baseUrl }: TiktokWebOptions): Source {
  const { name, limits } = manifest;
  const headers = { 'user-agent': userAgent, 'accept-language': 'en' };
  const client = createHttpClient({ name, baseUrl, limits, headers });
  const web: Web = { client, heed: createBackOff(client), seen: createSameRefresh(), device: createDeviceId() };
  let closing: Promise<void> | undefined;
  return {
    name,
    platforms: manifest.platforms,
    isSandbox: false,
    idSpace: manifest.idSpace,
    fetchProfile: (ref, options) => fetchProfile(web, ref, options),
    fetchPosts: (ref, cursor, options) => fetchPosts(web, ref, cursor, options),
    fetchPost: (ref, options) => fetchPost(web, ref, options),
    close() {
      closing ??= client.close();
      return closing;
    },
  };
}

async function readPageDetail(
  { client, heed }: Web,
  path: string,
  { now, signal }: RequestOptions,
  read: (answer: Answer, nowMs: number) => Result<Fields>,
): Promise<Result<Fields>> {
  const answer = await client.get({ path, query: {}, headers: { accept: 'text/html' }, signal });
  return answer.ok ? heed(read(answer.value, now.getTime())) : answer;
}

const handle = (username: string): string => `/@${encodeURIComponent(username)}`;

/** By name; TikTok takes an id in its place, which a profile keeps under whatever name. */
async function fetchProfile(web: Web, ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>> {
  const answer = await fetchProfilePage(web, ref, ref.username, options);
  const { platformProfileId: id } = ref;
  if (answer.ok || answer.failure.code !== 'not_found' || id === null) return answer;
  return fetchProfilePage(web, ref, id, options);
}

async function fetchProfilePage(
  web: Web,
  ref: ProfileRef,
  name: string,
  options: RequestOptions,
): Promise<Result<ObservedProfile>> {
  const detail = await readPageDetail(web, handle(name), options, (answer, nowMs) =>
    readDetail(answer, 'webapp.user-detail', nowMs),
  );
  if (!detail.ok) return detail;
  const what = `profile ${ref.username}`;
  const userInfo = findObject(detail.value, { keys: ['userInfo'], gone: 'not_found', what });
  if (!userInfo.ok) return userInfo;
  const user = findObject(userInfo.value, { keys: ['user'], gone: 'not_found', what });
  if (!user.ok) return user;
  const profile = checkProfile(tiktokUser(userInfo.value), ref);
  if (!profile.ok) return profile;
  if (isUnfilled(userInfo.value)) return failed('transient', `${what}: all counts are 0`);
  const secUid = text(user.value.secUid);
  // The feed is asked for next, under the name that the page has.
  if (isSecUid(secUid)) web.seen.keep(profile.value.username, { secUid, profile: profile.value }, options);
  return profile;
}

async function fetchPosts(
  web: Web,
  ref: ProfileRef,
  cursor: string | null,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  if (cursor !== null) {
    const position = readPosition(cursor);
    if (position !== null) return fetchPage(web, ref, position, options);
    return failed('upstream_changed', `the cursor of ${ref.username} is not one of this source`);
  }
  const seen = await seenProfile(web, ref, options);
  if (!seen.ok) return seen;
  const { secUid, profile } = seen.value;
  if (profile.postCount === 0) return ok({ posts: [], refused: [], nextCursor: null });
  const page = await fetchPage(web, ref, { secUid, beforeMs: options.now.getTime() }, options);
  const isEmpty = page.ok && page.value.nextCursor === null && page.value.posts.length === 0;
  return isEmpty && page.value.refused.length === 0 ? checkEmptyList(ok(profile), ref) : page;
}

/** The feed is asked for by an id that the page alone tells. */
async function seenProfile(web: Web, ref: ProfileRef, options: RequestOptions): Promise<Result<Seen>> {
  const kept = web.seen.take(ref.username, options);
  if (kept !== null) return ok(kept);
  const profile = await fetchProfile(web, ref, options);
  if (!profile.ok) return profile;
  const seen = web.seen.take(profile.value.username, options);
  return seen === null ? failed('upstream_changed', `the page of ${ref.username} has no secUid`) : ok(seen);
}

async function fetchPage(
  { client, heed, device }: Web,
  ref: ProfileRef,
  position: Position,
  { now, signal }: RequestOptions,
): Promise<Result<PostPage>> {
  const path = '/api/creator/item_list/';
  const query = {
    aid: '1988',
    count: '15',
    cursor: String(position.beforeMs),
    device_id: device.current(),
    secUid: position.secUid,
    type: '1',
  };
  const answer = await client.get({ path, query, signal });
  if (!answer.ok) return answer;
  const feed = heed(readFeed(answer.value, position, now.getTime()));
  if (!feed.ok) return feed;
  if (!feed.value.isStuck) return ok(feed.value.page);
  device.replace();
  return failed('transient', `GET ${path}: the feed of ${ref.username} gives the same page again`);
}

async function fetchPost(web: Web, ref: PostRef, options: RequestOptions): Promise<Result<ObservedPostWithAuthor>> {
  const path = `${handle(ref.authorUsername ?? '_')}/video/${encodeURIComponent(ref.externalId)}`;
  const page = await readPageDetail(web, path, options, (answer, nowMs) =>
    readDetail(answer, 'webapp.video-detail', nowMs, ofPost),
  );
  const detail = removedWhenNotFound(page);
  if (!detail.ok) return detail;
  const what = `post ${ref.externalId}`;
  const info = findObject(detail.value, { keys: ['itemInfo'], gone: 'removed_post', what });
  if (!info.ok) return info;
  const item = findObject(info.value, { keys: ['itemStruct'], gone: 'removed_post', what });
  if (!item.ok) return item;
  const hidden = whyHidden(item.value);
  if (hidden !== null) return failed(hidden.code, `${what}: ${hidden.reason}`);
  return checkPost(tiktokWebItem(item.value), tiktokWebAuthor(item.value), ref);
}

/** 10204 means gone, or not for this address: it is believed when it is seen again, and another source may know better. */
const ofPost = (status: number): FailureCode => (status === 10204 ? 'removed_post' : tiktokStatus(status));
