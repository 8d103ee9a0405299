import type { ObservedPostWithAuthor, PostRef, RequestOptions, Result, Source } from '../sources/source.ts';
import type { PlatformIds } from '../services/profiles/platform-ids.ts';
import { firstAnswer } from './first-answer.ts';

/** What one refresh of a post on its own brought home. */
export interface PostObservation extends ObservedPostWithAuthor {
  source: string;
  /** What the source knows the author by. */
  authorIds: PlatformIds;
}

/** Reads one post from the first source that answers, of those that can fetch a post by itself. */
export function observePost(
  sources: readonly Source[],
  ref: PostRef,
  options: RequestOptions,
): Promise<Result<PostObservation>> {
  return firstAnswer(
    sources.filter((source) => source.platforms.includes(ref.platform) && source.fetchPost !== undefined),
    async (source): Promise<Result<PostObservation>> => {
      const result = await source.fetchPost?.(ref, options);
      if (result === undefined) throw new Error(`${source.name} fetches no single posts`);
      if (!result.ok) return result;
      const id = result.value.author?.platformProfileId ?? null;
      const authorIds: PlatformIds = id === null ? {} : { [source.idSpace]: id };
      return { ok: true, value: { ...result.value, source: source.name, authorIds } };
    },
    `no configured source fetches single posts of ${ref.platform}`,
  );
}
