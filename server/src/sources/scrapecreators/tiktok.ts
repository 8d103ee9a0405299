import { type Fields, fieldsAt, list, wholeNumber } from '../fields.ts';
import { failed, ok } from '../outcome.ts';
import { toPage } from '../payloads/normalised.ts';
import { tiktokUser } from '../payloads/tiktok-user.ts';
import { tiktokAuthor, tiktokAweme } from '../payloads/tiktok-video.ts';
import type {
  ObservedPostWithAuthor,
  ObservedProfile,
  PostPage,
  PostRef,
  ProfileRef,
  RequestOptions,
  Result,
} from '../source.ts';
import type { Api } from './api.ts';
import { findObject } from '../payloads/find-object.ts';
import type { PlatformRequests } from '../platform-requests.ts';
import { checkPost, removedWhenNotFound } from '../post-checks.ts';
import { checkEmptyList, checkProfile } from '../profile-checks.ts';

/** Where to look again when the default exit (Great Britain) shows nothing. */
const otherRegion = 'US';

export function createTiktok(api: Api): PlatformRequests {
  return {
    fetchProfile: (ref, options) => fetchProfile(api, ref, options),
    fetchPosts: (ref, cursor, options) => fetchPosts(api, ref, cursor, options),
    fetchPost: (ref, options) => fetchPost(api, ref, options),
  };
}

async function fetchProfile(api: Api, ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>> {
  const query = ref.platformProfileId === null ? { handle: ref.username } : { user_id: ref.platformProfileId };
  const reply = await api.ask({ path: '/v1/tiktok/profile', query, subject: ref }, options);
  if (!reply.ok) return reply;
  const user = findObject(reply.value, { keys: ['user'], gone: 'not_found', what: `profile ${ref.username}` });
  return user.ok ? checkProfile(tiktokUser(reply.value), ref) : user;
}

async function fetchPosts(
  api: Api,
  ref: ProfileRef,
  cursor: string | null,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  const position = readCursor(cursor);
  const first = await fetchPage(api, ref, position, options);
  if (!first.ok || cursor !== null || !isEmpty(first.value)) return first;
  const second = await fetchPage(api, ref, { ...position, region: otherRegion }, options);
  if (!second.ok || !isEmpty(second.value)) return second;
  return checkEmptyList(await fetchProfile(api, ref, options), ref);
}

const isEmpty = (page: PostPage): boolean => page.posts.length === 0 && page.refused.length === 0;

interface Position {
  region: string | null;
  maxCursor: string | null;
}

async function fetchPage(
  api: Api,
  ref: ProfileRef,
  { region, maxCursor }: Position,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  const path = '/v3/tiktok/profile/videos';
  const query = {
    handle: ref.username,
    user_id: ref.platformProfileId,
    sort_by: 'latest',
    max_cursor: maxCursor,
    region,
  };
  const reply = await api.ask({ path, query, subject: ref }, options);
  if (!reply.ok) return reply;
  // The app's API writes null for an empty list.
  const items = reply.value.aweme_list === null ? [] : list(reply.value.aweme_list);
  if (items === null) return failed('upstream_changed', `GET ${path}: no aweme_list`);
  const isMore = reply.value.has_more === 1 || reply.value.has_more === true;
  return ok(toPage(items.map(tiktokAweme), { isMore, cursor: nextCursor(reply.value, region) }));
}

/** Later pages come from the region of the first one. */
function nextCursor(reply: Fields, region: string | null): string | null {
  const maxCursor = wholeNumber(reply.max_cursor);
  if (maxCursor === null || maxCursor === 0) return null;
  return region === null ? String(maxCursor) : `${region}:${maxCursor}`;
}

function readCursor(cursor: string | null): Position {
  const [, region, maxCursor] = /^(?:([A-Z]{2}):)?(\d+)$/.exec(cursor ?? '') ?? [];
  return { region: region ?? null, maxCursor: maxCursor ?? null };
}

async function fetchPost(api: Api, ref: PostRef, options: RequestOptions): Promise<Result<ObservedPostWithAuthor>> {
  const query = { url: `https://www.tiktok.com/@${ref.authorUsername ?? '_'}/video/${ref.externalId}` };
  const subject = { platform: ref.platform, username: ref.authorUsername };
  const reply = removedWhenNotFound(await api.ask({ path: '/v2/tiktok/video', query, subject }, options));
  if (!reply.ok) return reply;
  const what = `post ${ref.externalId}`;
  const detail = findObject(reply.value, { keys: ['aweme_detail'], gone: 'removed_post', what });
  if (!detail.ok) return detail;
  const aweme = detail.value;
  const status = fieldsAt(aweme, 'status');
  if (status?.is_delete === true) return failed('removed_post', `no post ${ref.externalId}`);
  if ((wholeNumber(status?.private_status) ?? 0) !== 0) return failed('private', `post ${ref.externalId} is private`);
  return checkPost(tiktokAweme(aweme), tiktokAuthor(aweme), ref);
}
