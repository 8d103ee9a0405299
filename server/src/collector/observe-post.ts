import type {
  ObservedPost,
  ObservedPostWithAuthor,
  PostRef,
  RequestOptions,
  Result,
  Source,
} from '../sources/source.ts';
import type { PlatformIds } from '../services/profiles/platform-ids.ts';
import { findInFeed } from './find-in-feed.ts';
import { firstAnswer } from './first-answer.ts';
import { lacksOwnPlays } from './view-series.ts';

/** What one refresh of a post on its own brought home. */
export interface PostObservation extends ObservedPostWithAuthor {
  source: string;
  /** What the source knows the author by. */
  authorIds: PlatformIds;
}

/** What to look for, and what is known of it. */
export interface WantedPost extends PostRef {
  authorIds: PlatformIds;
  knownIgPlays: number | null;
}

/**
 * Reads one post from the first source that answers, of those that can fetch a post by itself. Where such an answer cannot
 * continue the post's series, the author's feed is asked for the post: its views would stand still without.
 */
export function observePost(
  sources: readonly Source[],
  wanted: WantedPost,
  options: RequestOptions,
): Promise<Result<PostObservation>> {
  return firstAnswer(
    sources.filter((source) => source.platforms.includes(wanted.platform) && source.fetchPost !== undefined),
    async (source): Promise<Result<PostObservation>> => {
      const result = await source.fetchPost?.(wanted, options);
      if (result === undefined) throw new Error(`${source.name} fetches no single posts`);
      if (!result.ok) return result;
      const id = result.value.author?.platformProfileId ?? null;
      const authorIds: PlatformIds = id === null ? {} : { [source.idSpace]: id };
      const post = await continuing(source, wanted, result.value, options);
      return { ok: true, value: { ...result.value, post, source: source.name, authorIds } };
    },
    `no configured source fetches single posts of ${wanted.platform}`,
  );
}

async function continuing(
  source: Source,
  { platform, authorUsername, authorIds, knownIgPlays }: WantedPost,
  { post, author }: ObservedPostWithAuthor,
  options: RequestOptions,
): Promise<ObservedPost> {
  const username = author?.username ?? authorUsername;
  if (username === null || !lacksOwnPlays(post, knownIgPlays)) return post;
  const ref = { platform, username, platformProfileId: authorIds[source.idSpace] ?? null };
  return (await findInFeed(source, ref, post, options)) ?? post;
}
