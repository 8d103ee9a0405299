import { fields, fieldsAt, list, numericId, text } from '../fields.ts';
import { shortcodeFromPk } from '../instagram-ids.ts';
import { failed, ok } from '../outcome.ts';
import { withHiddenCounts } from '../payloads/hidden-counts.ts';
import { instagramPageOwner, instagramPrivateMedia } from '../payloads/instagram-private.ts';
import { instagramUser } from '../payloads/instagram-user.ts';
import { instagramWebMedia } from '../payloads/instagram-web.ts';
import { toPage } from '../payloads/normalised.ts';
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
import { checkEmptyList, checkProfile, isSomeoneElse } from '../profile-checks.ts';
import { checkPost, removedWhenNotFound } from '../post-checks.ts';

export function createInstagram(api: Api): PlatformRequests {
  const fetchProfile = async (ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>> => {
    const { platformProfileId: id } = ref;
    const byHandle = () => fetchByHandle(api, ref, options);
    if (id === null) return byHandle();
    const byId = () => fetchById(api, ref, id, options);
    // Only the answer by handle says whether counts are hidden, so that is asked first where they were.
    const [first, second] = ref.hidesCounts === true ? [byHandle, byId] : [byId, byHandle];
    const answer = await first();
    // The other one decides whether the profile is really gone, or renamed, or unknown to this endpoint.
    return !answer.ok && answer.failure.code === 'not_found' ? second() : answer;
  };
  return {
    fetchProfile,
    fetchPosts: (ref, cursor, options) => fetchPosts(api, fetchProfile, ref, cursor, options),
    fetchPost: (ref, options) => fetchPost(api, ref, options),
  };
}

async function fetchByHandle(api: Api, ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>> {
  const question = { path: '/v1/instagram/profile', query: { handle: ref.username }, subject: ref };
  const reply = await api.ask(question, options);
  if (!reply.ok) return reply;
  const data = fieldsAt(reply.value, 'data');
  if (data === null) return failed('upstream_changed', 'GET /v1/instagram/profile: no data');
  const user = findObject(data, { keys: ['user'], gone: 'not_found', what: `profile ${ref.username}` });
  return user.ok ? checkProfile(instagramUser(user.value), ref) : user;
}

async function fetchById(
  api: Api,
  ref: ProfileRef,
  userId: string,
  options: RequestOptions,
): Promise<Result<ObservedProfile>> {
  const question = { path: '/v1/instagram/basic-profile', query: { userId }, subject: ref };
  const reply = await api.ask(question, options);
  return reply.ok ? checkProfile(instagramUser(reply.value), ref) : reply;
}

async function fetchPosts(
  api: Api,
  fetchProfile: PlatformRequests['fetchProfile'],
  ref: ProfileRef,
  cursor: string | null,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  const path = '/v2/instagram/user/posts';
  const reply = await api.ask({ path, query: { handle: ref.username, next_max_id: cursor }, subject: ref }, options);
  if (!reply.ok) return reply;
  const items = list(reply.value.items);
  if (items === null) return failed('upstream_changed', `GET ${path}: no items`);
  const owner = instagramPageOwner(reply.value);
  if (isSomeoneElse(owner.platformProfileId, ref)) {
    return failed('not_found', `the handle ${ref.username} belongs to someone else now`);
  }
  if (items.length === 0 && owner.isPrivate) return failed('private', `${ref.username} is private`);
  if (items.length === 0 && cursor === null) return checkEmptyList(await fetchProfile(ref, options), ref);
  const nextMaxId = text(reply.value.next_max_id) ?? numericId(reply.value.next_max_id);
  const page = toPage(items.map(instagramPrivateMedia), {
    isMore: reply.value.more_available === true,
    cursor: nextMaxId,
  });
  return ok(owner.hidesCounts ? { ...page, posts: page.posts.map(withHiddenCounts) } : page);
}

async function fetchPost(api: Api, ref: PostRef, options: RequestOptions): Promise<Result<ObservedPostWithAuthor>> {
  const shortcode = ref.shortcode ?? shortcodeFromPk(ref.externalId);
  if (shortcode === null) return failed('removed_post', `${ref.externalId} is not an Instagram media id`);
  const query = { url: `https://www.instagram.com/p/${shortcode}/` };
  const subject = { platform: ref.platform, username: ref.authorUsername };
  const reply = removedWhenNotFound(await api.ask({ path: '/v1/instagram/post', query, subject }, options));
  if (!reply.ok) return reply;
  const data = fieldsAt(reply.value, 'data');
  if (data === null) return failed('upstream_changed', 'GET /v1/instagram/post: no data');
  const keys = ['xdt_shortcode_media', 'shortcode_media'];
  const media = findObject(data, { keys, gone: 'removed_post', what: `post ${shortcode}` });
  if (!media.ok) return media;
  const owner = fields(media.value.owner);
  const username = text(owner?.username)?.toLowerCase();
  const author = username === undefined ? null : { platformProfileId: numericId(owner?.id), username };
  return checkPost(instagramWebMedia(media.value), author, ref);
}
