import { fields, list, numericId, text } from '../fields.ts';
import { shortcodeFromPk } from '../instagram-ids.ts';
import { failed, ok } from '../outcome.ts';
import { findObject } from '../payloads/find-object.ts';
import { instagramPrivateMedia } from '../payloads/instagram-private.ts';
import { instagramUser } from '../payloads/instagram-user.ts';
import { instagramWebMedia } from '../payloads/instagram-web.ts';
import type { Normalised } from '../payloads/normalised.ts';
import type { PlatformRequests } from '../platform-requests.ts';
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
} from '../source.ts';
import type { Api } from './api.ts';
import { afterReels, beginning, merge, needsReels, type Places, readPlaces, type Tab } from './two-lists.ts';
import { nextCursor } from './tiktok.ts';

export function createInstagram(api: Api): PlatformRequests {
  const heldBack: HeldBack = createSameRefresh();
  return {
    fetchProfile: (ref, options) => fetchProfile(api, ref, options),
    fetchPosts: (ref, cursor, options) => fetchPosts(api, heldBack, ref, cursor, options),
    fetchPost: (ref, options) => fetchPost(api, ref, options),
  };
}

/** Counters are found by name; by id only the name is. So a profile that is not found under its name is looked for under its new one. */
async function fetchProfile(api: Api, ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>> {
  const answer = await fetchByName(api, ref, ref.username, options);
  const { platformProfileId: id } = ref;
  if (answer.ok || answer.failure.code !== 'not_found' || id === null) return answer;
  const reply = await api.ask('/instagram/user/basic-info', { user_id: id }, options);
  const name = reply.ok ? (text(fields(reply.value.data)?.username)?.toLowerCase() ?? null) : null;
  return name === null || name === ref.username ? answer : fetchByName(api, ref, name, options);
}

async function fetchByName(
  api: Api,
  ref: ProfileRef,
  username: string,
  options: RequestOptions,
): Promise<Result<ObservedProfile>> {
  const reply = await api.ask('/instagram/user/detailed-info', { username }, options);
  if (!reply.ok) return reply;
  const user = findObject(reply.value, { keys: ['data'], gone: 'not_found', what: `profile ${username}` });
  return user.ok ? checkProfile(instagramUser(user.value), ref) : user;
}

const chunkSize = '12';

/** Reels that came before their time, by the page that they wait for. */
type HeldBack = SameRefresh<Normalised[]>;

async function fetchPosts(
  api: Api,
  heldBack: HeldBack,
  ref: ProfileRef,
  cursor: string | null,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  const places = cursor === null ? beginning : readPlaces(cursor);
  if (places === null) return failed('upstream_changed', `the cursor of ${ref.username} is not one of this source`);
  const id = await idOf(api, ref, options);
  if (!id.ok) return id;
  const posts = places.posts === 'end' ? ok(nothing) : await readPosts(api, id.value, places.posts, options);
  if (!posts.ok) return posts;
  const reels = await readReelsOf(api, id.value, { posts: posts.value, places }, options);
  if (!reels.ok) return reels;
  if (cursor === null && posts.value.items.length === 0 && reels.value.items.length === 0) {
    return checkEmptyList(await fetchProfile(api, ref, options), ref);
  }
  const earlier = cursor === null ? [] : (heldBack.take(`${id.value} ${cursor}`, options) ?? []);
  const { page, ...later } = merge(posts.value, [...earlier, ...reels.value.items], reels.value.places);
  if (page.nextCursor !== null) heldBack.keep(`${id.value} ${page.nextCursor}`, later.heldBack, options);
  return ok(page);
}

const nothing: Tab = { items: [], next: null };

/** Reels that are not in the grid push the others back; most are, so one page is mostly enough. */
const mostReelPages = 3;

async function readReelsOf(
  api: Api,
  userId: string,
  { posts, places }: { posts: Tab; places: Places },
  options: RequestOptions,
): Promise<Result<{ items: Normalised[]; places: Places }>> {
  const items: Normalised[] = [];
  let now = places;
  for (let page = 0; page < mostReelPages && needsReels(posts, now); page += 1) {
    const reels = await readReels(api, userId, now.reels, options);
    if (!reels.ok) return reels;
    items.push(...reels.value.items);
    now = afterReels(now, reels.value);
    if (now.posts === 'end') break;
  }
  return ok({ items, places: now });
}

/** Lists are asked for by id alone. */
async function idOf(api: Api, ref: ProfileRef, options: RequestOptions): Promise<Result<string>> {
  if (ref.platformProfileId !== null) return ok(ref.platformProfileId);
  const profile = await fetchProfile(api, ref, options);
  if (!profile.ok) return profile;
  const { platformProfileId: id } = profile.value;
  return id === null ? failed('upstream_changed', `the profile of ${ref.username} has no id`) : ok(id);
}

async function readPosts(api: Api, userId: string, from: string | null, options: RequestOptions): Promise<Result<Tab>> {
  const query = { user_id: userId, depth: '1', chunk_size: chunkSize, start_cursor: from };
  return readTab(api, '/instagram/user/posts', query, 'posts', options, (item) =>
    instagramWebMedia(fields(item)?.node ?? item),
  );
}

async function readReels(api: Api, userId: string, from: string | null, options: RequestOptions): Promise<Result<Tab>> {
  const query = { user_id: userId, depth: '1', chunk_size: chunkSize, include_feed_video: 'true', start_cursor: from };
  return readTab(api, '/instagram/user/reels', query, 'reels', options, instagramPrivateMedia);
}

async function readTab(
  api: Api,
  path: string,
  query: Readonly<Record<string, string | null>>,
  name: string,
  options: RequestOptions,
  normalise: (item: unknown) => Normalised,
): Promise<Result<Tab>> {
  const reply = await api.ask(path, query, options);
  if (!reply.ok) return reply;
  const { data } = reply.value;
  const held = fields(data)?.[name];
  const items = data === null || held === null ? [] : (list(held) ?? list(data));
  if (items === null) return failed('upstream_changed', `GET ${path}: no ${name}`);
  return ok({ items: items.map(normalise), next: nextCursor(reply.value, 'last_cursor') });
}

async function fetchPost(api: Api, ref: PostRef, options: RequestOptions): Promise<Result<ObservedPostWithAuthor>> {
  const code = ref.shortcode ?? shortcodeFromPk(ref.externalId);
  if (code === null) return failed('removed_post', `${ref.externalId} is not an Instagram media id`);
  const query = { code, n_comments_to_fetch: '0' };
  const reply = removedWhenNotFound(await api.ask('/instagram/post/details', query, options));
  if (!reply.ok) return reply;
  const media = findObject(reply.value, { keys: ['data'], gone: 'removed_post', what: `post ${code}` });
  if (!media.ok) return media;
  const owner = fields(media.value.owner);
  const username = text(owner?.username)?.toLowerCase();
  const author = username === undefined ? null : { platformProfileId: numericId(owner?.id), username };
  return checkPost(instagramWebMedia(media.value), author, ref);
}
