import { type Fields, list, wholeNumber } from '../fields.ts';
import { failed, ok } from '../outcome.ts';
import { toPage } from '../payloads/normalised.ts';
import type { PlatformRequests } from '../platform-requests.ts';
import { checkPost } from '../post-checks.ts';
import { checkEmptyList } from '../profile-checks.ts';
import type {
  ObservedPostWithAuthor,
  ObservedProfile,
  PostPage,
  PostRef,
  ProfileRef,
  RequestOptions,
  Result,
} from '../source.ts';
import type { Ask } from '../tiktok-open/api.ts';
import { findObject } from '../payloads/find-object.ts';
import { displayUser, displayVideo, userFields, videoFields } from './normalise.ts';

const listPath = '/v2/video/list/';
const queryPath = '/v2/video/query/';
const pageSize = 20;

/** A creator may take another name, though rarely: until then, others are known to be others without a request. */
const ownerKnownForMs = 3_600_000;

interface Display {
  ask: Ask;
  /** The name of whoever connected the account, and when it was last read. */
  owner: { username: string; readAtMs: number } | null;
}

export function createRequests(ask: Ask): PlatformRequests {
  const display: Display = { ask, owner: null };
  return {
    fetchProfile: (ref, options) => fetchProfile(display, ref, options),
    fetchPosts: (ref, cursor, options) => fetchPosts(display, ref, cursor, options),
    fetchPost: (ref, options) => fetchPost(display, ref, options),
  };
}

async function fetchProfile(
  display: Display,
  ref: ProfileRef,
  options: RequestOptions,
): Promise<Result<ObservedProfile>> {
  const known = knownOwner(display, options);
  if (known !== null && known !== ref.username) return notConnected(ref.username);
  const profile = await fetchOwner(display, options);
  return profile.ok && profile.value.username !== ref.username ? notConnected(ref.username) : profile;
}

const notConnected = (username: string | null) =>
  failed('unsupported_account', `${username ?? 'the author'} has not connected their account`);

function knownOwner({ owner }: Display, { now }: RequestOptions): string | null {
  return owner !== null && now.getTime() - owner.readAtMs < ownerKnownForMs ? owner.username : null;
}

async function fetchOwner(display: Display, options: RequestOptions): Promise<Result<ObservedProfile>> {
  const path = '/v2/user/info/';
  const data = await display.ask({ path, fields: userFields, body: null }, options);
  if (!data.ok) return data;
  const user = findObject(data.value, { keys: ['user'], gone: 'auth_expired', what: `GET ${path}` });
  if (!user.ok) return user;
  const profile = displayUser(user.value);
  if (profile === null) return failed('upstream_changed', `GET ${path}: no name or follower count`);
  display.owner = { username: profile.username, readAtMs: options.now.getTime() };
  return ok(profile);
}

async function ownerName(display: Display, options: RequestOptions): Promise<Result<string>> {
  const known = knownOwner(display, options);
  if (known !== null) return ok(known);
  const profile = await fetchOwner(display, options);
  return profile.ok ? ok(profile.value.username) : profile;
}

async function fetchPosts(
  display: Display,
  ref: ProfileRef,
  cursor: string | null,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  if (cursor !== null && !/^\d{1,15}$/.test(cursor)) {
    return failed('upstream_changed', `the cursor of ${ref.username} is not one of this source`);
  }
  const owner = await ownerName(display, options);
  if (!owner.ok) return owner;
  if (owner.value !== ref.username) return notConnected(ref.username);
  const body = { max_count: pageSize, ...(cursor !== null && { cursor: Number(cursor) }) };
  const data = await display.ask({ path: listPath, fields: videoFields, body }, options);
  if (!data.ok) return data;
  const items = videosOf(data.value);
  if (items === null) return failed('upstream_changed', `POST ${listPath}: no list of videos`);
  if (items.length === 0 && cursor === null) return checkEmptyList(await fetchOwner(display, options), ref);
  const next = wholeNumber(data.value.cursor);
  const isMore = data.value.has_more === true;
  return ok(toPage(items.map(displayVideo), { isMore, cursor: next === null || next === 0 ? null : String(next) }));
}

/** Without videos the field may be missing, but not all that belongs to it. */
function videosOf(data: Fields): unknown[] | null {
  if (data.videos === null || (data.videos === undefined && 'has_more' in data)) return [];
  return list(data.videos);
}

async function fetchPost(
  display: Display,
  ref: PostRef,
  options: RequestOptions,
): Promise<Result<ObservedPostWithAuthor>> {
  const owner = await ownerName(display, options);
  if (!owner.ok) return owner;
  if (ref.authorUsername !== null && ref.authorUsername !== owner.value) return notConnected(ref.authorUsername);
  const body = { filters: { video_ids: [ref.externalId] } };
  const data = await display.ask({ path: queryPath, fields: videoFields, body }, options);
  if (!data.ok) return data;
  const items = data.value.videos === undefined || data.value.videos === null ? [] : list(data.value.videos);
  if (items === null) return failed('upstream_changed', `POST ${queryPath}: videos is no list`);
  const [item] = items;
  if (item !== undefined) return checkPost(displayVideo(item), { platformProfileId: null, username: owner.value }, ref);
  // What is somebody else's is left out without a word.
  return ref.authorUsername === null ? notConnected(null) : failed('removed_post', `no video ${ref.externalId}`);
}
