import type { ObservedPostWithAuthor, PostRef, RequestOptions, Result, Source } from '../sources/source.ts';
import { firstAnswer } from './first-answer.ts';

/** What one refresh of a post on its own brought home. */
export interface PostObservation extends ObservedPostWithAuthor {
  source: string;
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
      return result.ok ? { ok: true, value: { ...result.value, source: source.name } } : result;
    },
    `no configured source fetches single posts of ${ref.platform}`,
  );
}
