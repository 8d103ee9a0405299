import { type Fields, list, numericId, text, wholeNumber } from '../fields.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import { type Normalised, toPage } from '../payloads/normalised.ts';
import type { PlatformRequests } from '../platform-requests.ts';
import { checkPost } from '../post-checks.ts';
import type { SameRefresh } from '../same-refresh.ts';
import type {
  ObservedPostWithAuthor,
  ObservedProfile,
  PostPage,
  PostRef,
  ProfileRef,
  RequestOptions,
  Result,
} from '../source.ts';
import { timeOfTiktokId } from '../tiktok-ids.ts';
import type { Ask } from '../tiktok-open/api.ts';
import { researchUser, researchVideo, userFields, videoFields } from './normalise.ts';
import { dayOf, firstPosition, type Position, readPosition, startOf, windowBefore, writePosition } from './windows.ts';

const userPath = '/v2/research/user/info/';
const videoPath = '/v2/research/video/query/';
const pageSize = 100;
const dayMs = 86_400_000;

/** `counted`: how many videos a profile has, from the same refresh. */
export function createRequests(ask: Ask, counted: SameRefresh<number>): PlatformRequests {
  return {
    async fetchProfile(ref, options) {
      const profile = await fetchProfile(ask, ref, options);
      if (profile.ok && profile.value.postCount !== null) counted.keep(ref.username, profile.value.postCount, options);
      return profile;
    },
    fetchPosts(ref, cursor, options) {
      const total = cursor === null ? counted.take(ref.username, options) : null;
      const position = cursor === null ? firstPosition(options.now, total) : readPosition(cursor);
      return fetchPosts(ask, ref, position, options);
    },
    fetchPost: (ref, options) => fetchPost(ask, ref, options),
  };
}

/** TikTok does not say how it refuses a user it does not know; a wrong field must not make every user unknown. */
const ofUser = (message: string): FailureCode => (/user/i.test(message) ? 'not_found' : 'upstream_changed');

async function fetchProfile(ask: Ask, ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>> {
  const body = { username: ref.username };
  const user = await ask({ path: userPath, fields: userFields, body, ofInvalidParams: ofUser }, options);
  if (!user.ok) return user;
  // Who is private, under age or out of scope is left out, too.
  if (Object.keys(user.value).length === 0) return failed('not_found', `POST ${userPath}: nothing of ${ref.username}`);
  const profile = researchUser(user.value, ref.username);
  return profile === null ? failed('upstream_changed', `no follower count of ${ref.username}`) : ok(profile);
}

const equals = (field: string, value: string) => ({
  and: [{ operation: 'EQ', field_name: field, field_values: [value] }],
});

async function fetchPosts(
  ask: Ask,
  ref: ProfileRef,
  position: Position | null,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  if (position === null) return failed('upstream_changed', `the cursor of ${ref.username} is not one of this source`);
  const { end, offset, searchId } = position;
  const body = {
    query: equals('username', ref.username),
    start_date: startOf(position),
    end_date: end,
    max_count: pageSize,
    ...(offset > 0 && { cursor: offset }),
    ...(searchId !== null && { search_id: searchId }),
  };
  const reply = await ask({ path: videoPath, fields: videoFields, body }, options);
  if (!reply.ok) return reply;
  // A window without videos may come without the field.
  const items = 'videos' in reply.value && reply.value.videos !== null ? list(reply.value.videos) : [];
  if (items === null) return failed('upstream_changed', `POST ${videoPath}: videos is no list`);
  const seen = { ...position, seen: position.seen + items.length, seenHere: position.seenHere + items.length };
  const posts = items.map((item) => ownVideo(item, ref));
  if (reply.value.has_more === true) return ok(toPage(posts, { isMore: true, cursor: samePage(reply.value, seen) }));
  const before = windowBefore(seen, accountMadeAt(ref));
  return ok(toPage(posts, { isMore: before !== null, cursor: before === null ? null : writePosition(before) }));
}

/** The next page of the same window: the API wants both of what it gave. A page may well be short. */
function samePage(reply: Fields, position: Position): string | null {
  const offset = wholeNumber(reply.cursor);
  const searchId = text(reply.search_id) ?? numericId(reply.search_id);
  if (offset === null || offset <= position.offset || searchId === null) return null;
  return writePosition({ ...position, offset, searchId });
}

const accountMadeAt = ({ platformProfileId: id }: ProfileRef): Date | null => (id === null ? null : timeOfTiktokId(id));

function ownVideo(item: unknown, ref: ProfileRef): Normalised {
  const video = researchVideo(item);
  const author = authorOf(item);
  if (!('post' in video) || author === null || author === ref.username) return video;
  const { externalId } = video.post;
  return { refused: { externalId, reason: "somebody else's video", excerpt: { author } } };
}

const authorOf = (item: unknown): string | null => text((item as Fields | null)?.username)?.toLowerCase() ?? null;

/** New videos take about two days until the API knows them. */
const knownAfterMs = 3 * dayMs;

async function fetchPost(ask: Ask, ref: PostRef, options: RequestOptions): Promise<Result<ObservedPostWithAuthor>> {
  const uploadedAt = timeOfTiktokId(ref.externalId)?.getTime();
  const nowMs = options.now.getTime();
  if (uploadedAt === undefined || uploadedAt > nowMs + dayMs) {
    return failed('removed_post', `${ref.externalId} is not an id of a TikTok post`);
  }
  const body = {
    query: equals('video_id', ref.externalId),
    start_date: dayOf(uploadedAt - dayMs),
    end_date: dayOf(Math.min(uploadedAt + dayMs, nowMs)),
    max_count: 1,
  };
  const reply = await ask({ path: videoPath, fields: videoFields, body }, options);
  if (!reply.ok) return reply;
  const items = 'videos' in reply.value && reply.value.videos !== null ? list(reply.value.videos) : [];
  if (items === null) return failed('upstream_changed', `POST ${videoPath}: videos is no list`);
  const [item] = items;
  if (item === undefined) {
    const isNew = nowMs - uploadedAt < knownAfterMs;
    return failed(isNew ? 'transient' : 'removed_post', `POST ${videoPath}: no video ${ref.externalId}`);
  }
  const username = authorOf(item);
  return checkPost(researchVideo(item), username === null ? null : { platformProfileId: null, username }, ref);
}
