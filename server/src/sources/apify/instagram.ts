import { failed, ok } from '../outcome.ts';
import { shortcodeFromPk } from '../instagram-ids.ts';
import type { Normalised } from '../payloads/normalised.ts';
import type { PlatformRequests } from '../platform-requests.ts';
import { checkPost } from '../post-checks.ts';
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
import { type Reach, readDepth, toDepthPage } from './depth.ts';
import { asRemoved, datasetError, type ItemError, toFailure } from './error-items.ts';
import { apifyInstagramAuthor, apifyInstagramPost, apifyInstagramProfile } from './instagram-items.ts';
import type { RunJob } from './runner.ts';

export interface InstagramReach extends Reach {
  /** Whether the tab of reels is read, too: reels that are not in the grid, for as many results again. */
  withReels: boolean;
}

const profileActor = 'apify~instagram-profile-scraper';
const postsActor = 'apify~instagram-scraper';

export function createInstagram(run: RunJob, reach: InstagramReach): PlatformRequests {
  return {
    fetchProfile: (ref, options) => fetchProfile(run, ref, options),
    fetchPosts: (ref, cursor, options) => fetchPosts(run, reach, ref, cursor, options),
    fetchPost: (ref, options) => fetchPost(run, ref, options),
  };
}

/** By name; a profile that is not found under its name may have another one by now, and is looked for by its id. */
async function fetchProfile(run: RunJob, ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>> {
  const byName = { actor: profileActor, input: { usernames: [ref.username] }, results: 1 };
  const answer = profileOf(await run(byName, options), ref);
  const { platformProfileId: id } = ref;
  if (answer.ok || answer.failure.code !== 'not_found' || id === null) return answer;
  const byId = { directUrls: [id], resultsType: 'details', resultsLimit: 1, addParentData: false };
  return profileOf(await run({ actor: postsActor, input: byId, results: 1 }, options), ref);
}

function profileOf(items: Result<unknown[]>, ref: ProfileRef): Result<ObservedProfile> {
  if (!items.ok) return items;
  const error = datasetError(items.value);
  if (error !== null) return toFailure(error, `profile ${ref.username}`, 'not_found');
  return checkProfile(apifyInstagramProfile(items.value[0]), ref);
}

type Tab = 'posts' | 'reels';

/** One tab of a profile, or one post by its address. */
const feedJob = (url: string, resultsType: Tab, limit: number) => ({
  actor: postsActor,
  input: { directUrls: [url], resultsType, resultsLimit: limit, addParentData: false },
  results: limit,
});

async function fetchPosts(
  run: RunJob,
  reach: InstagramReach,
  ref: ProfileRef,
  cursor: string | null,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  const depth = readDepth(cursor, reach);
  const readTab = (tab: Tab) => run(feedJob(`https://www.instagram.com/${ref.username}/`, tab, depth.limit), options);
  const [posts, reels] = await Promise.all([readTab('posts'), reach.withReels ? readTab('reels') : null]);
  if (!posts.ok) return posts;
  const error = datasetError(posts.value);
  if (error !== null && error.code !== 'empty') return toFailure(error, `posts of ${ref.username}`, 'transient');
  const found = error === null ? posts.value : [];
  if (found.some((item) => isStrangers(item, ref))) {
    return failed('not_found', `the handle ${ref.username} belongs to someone else now`);
  }
  const items = withReels(found.map(apifyInstagramPost), reels, ref);
  if (cursor === null && !items.some((item) => 'post' in item)) {
    return checkEmptyList(await fetchProfile(run, ref, options), ref);
  }
  const received = Math.max(found.length, reels?.ok === true ? reels.value.length : 0);
  return ok(toDepthPage(items, received, depth, reach));
}

/** Posts of co-authors have another owner; only one of this name with another id is a stranger's. */
function isStrangers(item: unknown, ref: ProfileRef): boolean {
  const author = apifyInstagramAuthor(item);
  return author?.username === ref.username && isSomeoneElse(author.platformProfileId, ref);
}

/** Adds what only the tab of reels shows, and takes its reading where the grid has the legacy views alone. */
function withReels(posts: Normalised[], reels: Result<unknown[]> | null, ref: ProfileRef): Normalised[] {
  if (reels === null) return posts;
  const error: ItemError | null = reels.ok ? datasetError(reels.value) : null;
  if (!reels.ok || (error !== null && error.code !== 'empty')) {
    const said = reels.ok ? (error?.said ?? '') : reels.failure.message;
    const reason = `the reels of ${ref.username} were not read: ${said}`;
    return [...posts, { refused: { externalId: null, reason, excerpt: {} } }];
  }
  const merged = new Map<string, Normalised>();
  const rest: Normalised[] = [];
  const tab = error === null ? reels.value.map(apifyInstagramPost) : [];
  for (const item of [...posts, ...tab]) {
    if (!('post' in item)) rest.push(item);
    else merged.set(item.post.externalId, better(merged.get(item.post.externalId), item));
  }
  return [...merged.values(), ...rest];
}

function better(known: Normalised | undefined, seen: Normalised): Normalised {
  if (known === undefined || !('post' in known) || !('post' in seen)) return seen;
  if (known.post.viewKind === 'displayed' || seen.post.viewKind !== 'displayed') return known;
  return { post: { ...seen.post, isPinned: known.post.isPinned } };
}

async function fetchPost(run: RunJob, ref: PostRef, options: RequestOptions): Promise<Result<ObservedPostWithAuthor>> {
  const shortcode = ref.shortcode ?? shortcodeFromPk(ref.externalId);
  if (shortcode === null) return failed('removed_post', `${ref.externalId} is not an Instagram media id`);
  const items = await run(feedJob(`https://www.instagram.com/p/${shortcode}/`, 'posts', 1), options);
  if (!items.ok) return items;
  const error = datasetError(items.value);
  if (error !== null) return toFailure(asRemoved(error), `post ${shortcode}`, 'removed_post');
  const [item] = items.value;
  return checkPost(apifyInstagramPost(item), apifyInstagramAuthor(item), ref);
}
