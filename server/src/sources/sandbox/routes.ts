import { pkFromShortcode, shortcodeFromPermalink } from '../instagram-ids.ts';
import type { Platform } from '../source.ts';
import type { Directory } from './directory.ts';
import { slotOfPost } from './post-ids.ts';
import { createdAt, type Post } from './posts.ts';
import { basicProfile, feedPage, webPost, webProfile } from './wire-instagram.ts';
import { awemeDetail, awemeList, tiktokProfile } from './wire-tiktok.ts';
import type { ProfileAt, World } from './world.ts';

export interface WorldRequest {
  query: URLSearchParams;
  timeMs: number;
  /** Whom the request is about, when the client says so in a header. */
  hintedHandle: string | null;
}

export interface Surroundings {
  world: World;
  directory: Directory;
  pageSize: number;
}

/** The body of the answer without its envelope; null = 404. */
export type Route = (request: WorldRequest, surroundings: Surroundings) => object | null;

export const routes: Readonly<Record<string, Route>> = {
  '/v1/instagram/profile': (request, around) => {
    const profile = byHandle('instagram', request, around);
    return profile && webProfile(profile);
  },
  '/v1/instagram/basic-profile': (request, around) => {
    const profile = byUserId('instagram', request.query.get('userId'), request, around);
    return profile && basicProfile(profile);
  },
  '/v2/instagram/user/posts': (request, around) => {
    const profile = byHandle('instagram', request, around);
    if (profile === null) return null;
    const page = listPage(profile, instagramCursor(profile, request), request, around);
    return feedPage(profile, page.pinned, page.listing, request.timeMs);
  },
  '/v1/instagram/post': (request, around) => {
    const code = shortcodeFromPermalink(request.query.get('url') ?? '');
    const found = findPost('instagram', code === null ? null : pkFromShortcode(code), null, request, around);
    return found && webPost(found.profile, found.post, request.timeMs);
  },
  '/v1/tiktok/profile': (request, around) => {
    const profile = tiktokProfileOf(request, around);
    return profile && tiktokProfile(profile);
  },
  '/v3/tiktok/profile/videos': (request, around) => {
    const profile = tiktokProfileOf(request, around);
    if (profile === null) return null;
    const cursor = Number(request.query.get('max_cursor') ?? '0');
    const page = listPage(profile, cursor > 0 ? cursor : null, request, around);
    return awemeList(profile, page.pinned, page.listing, request.timeMs);
  },
  '/v2/tiktok/video': (request, around) => {
    const [, handle, id] = /\/@([\w.]*)\/(?:video|photo)\/(\d+)/.exec(request.query.get('url') ?? '') ?? [];
    const found = findPost('tiktok', id ?? null, handle ?? null, request, around);
    return found && awemeDetail(found.profile, found.post, request.timeMs);
  },
};

function byHandle(platform: Platform, { query, timeMs }: WorldRequest, { world, directory }: Surroundings) {
  const profile = world.profile(platform, query.get('handle') ?? '', timeMs);
  if (profile !== null) directory.remember(profile);
  return profile;
}

function tiktokProfileOf(request: WorldRequest, around: Surroundings): ProfileAt | null {
  const userId = request.query.get('user_id');
  return userId === null ? byHandle('tiktok', request, around) : byUserId('tiktok', userId, request, around);
}

/** The name may have changed since the id was learnt; the hint saves a server that has just started from knowing nobody. */
function byUserId(
  platform: Platform,
  userId: string | null,
  request: WorldRequest,
  { world, directory }: Surroundings,
): ProfileAt | null {
  const { timeMs } = request;
  if (userId === null) return null;
  const names = [request.query.get('handle'), request.hintedHandle];
  for (const name of names.flatMap((handle) => (handle === null ? [] : [handle, `now_${handle}`]))) {
    const profile = world.profile(platform, name, timeMs);
    if (profile === null || profile.creator.userId !== userId) continue;
    directory.remember(profile);
    return profile;
  }
  return directory.byUserId(platform, userId, timeMs);
}

function listPage(profile: ProfileAt, beforeMs: number | null, { timeMs }: WorldRequest, around: Surroundings) {
  const { world, pageSize } = around;
  if (profile.isPrivate) return { pinned: [], listing: { posts: [], hasMore: false } };
  const pinned = beforeMs === null ? world.pinned(profile.creator, timeMs) : [];
  const room = Math.max(1, pageSize - pinned.length);
  return { pinned, listing: world.posts(profile.creator, timeMs, beforeMs, room) };
}

/** `pk_ownerpk` of the last post of the page before. */
function instagramCursor({ creator }: ProfileAt, { query }: WorldRequest): number | null {
  const pk = query.get('next_max_id')?.split('_')[0];
  const slot = pk === undefined ? null : slotOfPost(creator, pk);
  return slot === null ? null : createdAt(creator, slot);
}

function findPost(
  platform: Platform,
  id: string | null,
  handle: string | null,
  { hintedHandle, timeMs }: WorldRequest,
  { world, directory }: Surroundings,
): { profile: ProfileAt; post: Post } | null {
  if (id === null) return null;
  const named = [handle, hintedHandle].flatMap((name) => (name ? (world.profile(platform, name, timeMs) ?? []) : []));
  for (const profile of [...named, ...directory.byPostId(platform, id, timeMs)]) {
    const slot = slotOfPost(profile.creator, id);
    const post = slot === null || profile.isPrivate ? null : world.post(profile.creator, slot, timeMs);
    if (post !== null) return { profile, post };
  }
  return null;
}
