import { failed, ok } from '../outcome.ts';
import type { Normalised } from '../payloads/normalised.ts';
import type { PlatformRequests } from '../platform-requests.ts';
import { checkPost } from '../post-checks.ts';
import { checkEmptyList, checkProfile, isSomeoneElse } from '../profile-checks.ts';
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
import { type Reach, readDepth, toDepthPage } from './depth.ts';
import { asRemoved, datasetError, toFailure } from './error-items.ts';
import type { RunJob } from './runner.ts';
import { apifyTiktokAuthor, apifyTiktokPost, apifyTiktokProfile } from './tiktok-items.ts';

const actor = 'clockworks~tiktok-scraper';

/** Nothing is downloaded: it costs, and addresses of TikTok's own are enough. */
const numbersOnly = {
  shouldDownloadVideos: false,
  shouldDownloadCovers: false,
  shouldDownloadSubtitles: false,
  shouldDownloadSlideshowImages: false,
};

type Items = readonly unknown[];

/** A profile is only shown beside its videos, so one run serves the profile and its first page. */
export function createTiktok(run: RunJob, reach: Reach): PlatformRequests {
  const kept = createSameRefresh<Items>();
  const readFeed = async (ref: ProfileRef, limit: number, options: RequestOptions): Promise<Result<Items>> => {
    const input = {
      profiles: [ref.username],
      resultsPerPage: limit,
      profileScrapeSections: ['videos'],
      profileSorting: 'latest',
      excludePinnedPosts: false,
      ...numbersOnly,
    };
    return run({ actor, input, results: limit }, options);
  };
  const readProfile = async (ref: ProfileRef, options: RequestOptions) => {
    const items = await readFeed(ref, reach.posts, options);
    if (items.ok) kept.keep(ref.username, items.value, options);
    return items.ok ? profileOf(items.value, ref) : items;
  };
  return {
    fetchProfile: readProfile,
    fetchPosts: (ref, cursor, options) => fetchPosts({ readFeed, readProfile, kept, reach }, ref, cursor, options),
    fetchPost: (ref, options) => fetchPost(run, ref, options),
  };
}

function profileOf(items: Items, ref: ProfileRef): Result<ObservedProfile> {
  const what = `profile ${ref.username}`;
  const error = datasetError(items);
  if (error !== null) {
    // Without a video there is no item that could hold the profile; another source may show it.
    return toFailure(error, what, items.length === 0 ? 'not_found' : 'unsupported_account');
  }
  return checkProfile(items.map(apifyTiktokProfile).find((profile) => profile !== null) ?? null, ref);
}

interface Feeds {
  readFeed(ref: ProfileRef, limit: number, options: RequestOptions): Promise<Result<Items>>;
  readProfile(ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>>;
  kept: SameRefresh<Items>;
  reach: Reach;
}

async function fetchPosts(
  { readFeed, readProfile, kept, reach }: Feeds,
  ref: ProfileRef,
  cursor: string | null,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  const depth = readDepth(cursor, reach);
  const same = cursor === null ? kept.take(ref.username, options) : null;
  const items = same === null ? await readFeed(ref, depth.limit, options) : ok(same);
  if (!items.ok) return items;
  const error = datasetError(items.value);
  if (error !== null && error.code !== 'empty') return toFailure(error, `videos of ${ref.username}`, 'transient');
  if (error !== null) {
    if (cursor !== null) return ok({ posts: [], refused: [], nextCursor: null });
    return checkEmptyList(same === null ? await readProfile(ref, options) : profileOf(items.value, ref), ref);
  }
  const author = items.value.map(apifyTiktokAuthor).find((each) => each?.username === ref.username);
  if (isSomeoneElse(author?.platformProfileId ?? null, ref)) {
    return failed('not_found', `the handle ${ref.username} belongs to someone else now`);
  }
  const posts = items.value.map((item) => ownPost(item, ref));
  return ok(toDepthPage(posts, items.value.length, depth, reach));
}

/** A repost is somebody else's video with somebody else's numbers. */
function ownPost(item: unknown, ref: ProfileRef): Normalised {
  const read = apifyTiktokPost(item);
  const author = apifyTiktokAuthor(item);
  if (!('post' in read) || author === null || author.username === ref.username) return read;
  if (author.platformProfileId !== null && author.platformProfileId === ref.platformProfileId) return read;
  const { externalId } = read.post;
  return { refused: { externalId, reason: "somebody else's video", excerpt: { author: author.username } } };
}

async function fetchPost(run: RunJob, ref: PostRef, options: RequestOptions): Promise<Result<ObservedPostWithAuthor>> {
  const url = `https://www.tiktok.com/@${ref.authorUsername ?? '_'}/video/${ref.externalId}`;
  const job = { actor, input: { postURLs: [url], resultsPerPage: 1, ...numbersOnly }, results: 1 };
  const items = await run(job, options);
  if (!items.ok) return items;
  const error = datasetError(items.value);
  if (error !== null) return toFailure(asRemoved(error), `post ${ref.externalId}`, 'removed_post');
  const [item] = items.value;
  return checkPost(apifyTiktokPost(item), apifyTiktokAuthor(item), ref);
}
