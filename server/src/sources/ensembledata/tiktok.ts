import { type Fields, fields, list, numericId, text } from '../fields.ts';
import { failed, ok } from '../outcome.ts';
import { findObject } from '../payloads/find-object.ts';
import { toPage } from '../payloads/normalised.ts';
import { tiktokUser } from '../payloads/tiktok-user.ts';
import { tiktokAuthor, tiktokAweme } from '../payloads/tiktok-video.ts';
import type { PlatformRequests } from '../platform-requests.ts';
import { checkPost, removedWhenNotFound } from '../post-checks.ts';
import { checkEmptyList, checkProfile, isSomeoneElse } from '../profile-checks.ts';
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

export function createTiktok(api: Api): PlatformRequests {
  return {
    fetchProfile: (ref, options) => fetchProfile(api, ref, options),
    fetchPosts: (ref, cursor, options) => fetchPosts(api, ref, cursor, options),
    fetchPost: (ref, options) => fetchPost(api, ref, options),
  };
}

async function fetchProfile(api: Api, ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>> {
  const reply = await api.ask('/tt/user/info', { username: ref.username }, options);
  if (!reply.ok) return reply;
  const what = `profile ${ref.username}`;
  const data = findObject(reply.value, { keys: ['data'], gone: 'not_found', what });
  if (!data.ok) return data;
  const user = findObject(data.value, { keys: ['user'], gone: 'not_found', what });
  return user.ok ? checkProfile(tiktokUser(data.value), ref) : user;
}

async function fetchPosts(
  api: Api,
  ref: ProfileRef,
  cursor: string | null,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  const path = '/tt/user/posts';
  const reply = await api.ask(path, { username: ref.username, depth: '1', start_cursor: cursor }, options);
  if (!reply.ok) return reply;
  const items = itemsOf(reply.value);
  if (items === null) return failed('upstream_changed', `GET ${path}: no list of posts`);
  const author = items.map((item) => tiktokAuthor(fields(item) ?? {})).find((each) => each?.username === ref.username);
  if (isSomeoneElse(author?.platformProfileId ?? null, ref)) {
    return failed('not_found', `the handle ${ref.username} belongs to someone else now`);
  }
  if (items.length === 0 && cursor === null) return checkEmptyList(await fetchProfile(api, ref, options), ref);
  const next = nextCursor(reply.value);
  return ok(toPage(items.map(tiktokAweme), { isMore: next !== null, cursor: next }));
}

/** `data` is the list in the reference, and holds it as `data.data` in examples. null stands for an empty list. */
function itemsOf({ data }: Fields): unknown[] | null {
  if (data === null) return [];
  const held = fields(data);
  if (held === null) return list(data);
  return held.data === null ? [] : list(held.data);
}

/** Beside the list, wherever that is. The last page has none. */
export function nextCursor(reply: Fields, ...names: string[]): string | null {
  const holders = [reply, fields(reply.data)];
  for (const holder of holders) {
    for (const name of ['nextCursor', ...names]) {
      const found = text(holder?.[name]) ?? numericId(holder?.[name]);
      if (found !== null) return found;
    }
  }
  return null;
}

async function fetchPost(api: Api, ref: PostRef, options: RequestOptions): Promise<Result<ObservedPostWithAuthor>> {
  const url = `https://www.tiktok.com/@${ref.authorUsername ?? '_'}/video/${ref.externalId}`;
  const reply = removedWhenNotFound(await api.ask('/tt/post/info', { url }, options));
  if (!reply.ok) return reply;
  const items = list(reply.value.data) ?? [reply.value.data];
  const [item = null] = items;
  const aweme = findObject({ post: item }, { keys: ['post'], gone: 'removed_post', what: `post ${ref.externalId}` });
  return aweme.ok ? checkPost(tiktokAweme(aweme.value), tiktokAuthor(aweme.value), ref) : aweme;
}
