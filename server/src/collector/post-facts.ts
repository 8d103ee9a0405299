import type { ObservedPost } from '../sources/source.ts';

/** What whoever holds a post has a copy of, since lists are filtered and sorted by it. */
export interface PostFacts {
  createTime: Date | null;
  mediaType: ObservedPost['mediaType'];
}

export interface LearnedFacts extends PostFacts {
  postId: number;
}

type Stored = PostFacts & { postId: number };

/**
 * The posts with all that is known of them: a source that does not say takes nothing back, and the first posting time stays, so
 * that no day is restated because two sources differ by seconds.
 */
export function withFacts(posts: readonly ObservedPost[], stored: ReadonlyMap<string, Stored>): ObservedPost[] {
  return posts.map((post) => {
    const before = stored.get(post.externalId);
    if (before === undefined) return post;
    return {
      ...post,
      createTime: before.createTime ?? post.createTime,
      mediaType: post.mediaType ?? before.mediaType,
    };
  });
}

/** What these posts, with all that is known of them, say beyond what is stored. */
export function learnedFacts(posts: readonly ObservedPost[], stored: ReadonlyMap<string, Stored>): LearnedFacts[] {
  return posts.flatMap(({ externalId, createTime, mediaType }) => {
    const before = stored.get(externalId);
    const isKnown =
      before === undefined ||
      (before.createTime?.getTime() === createTime?.getTime() && before.mediaType === mediaType);
    return isKnown ? [] : [{ postId: before.postId, createTime, mediaType }];
  });
}
