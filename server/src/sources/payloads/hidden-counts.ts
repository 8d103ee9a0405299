import type { ObservedPost } from '../source.ts';

/** A post of a profile that hides its counts: likes are a sentinel then, and a 0 of views or plays is a filler. */
export function withHiddenCounts(post: ObservedPost): ObservedPost {
  const { counters } = post;
  const given = (count: number | null): number | null => (count === 0 ? null : count);
  const viewCount = given(counters.viewCount);
  return {
    ...post,
    viewKind: viewCount === null ? null : post.viewKind,
    counters: {
      ...counters,
      viewCount,
      playCount: given(counters.playCount),
      igPlayCount: given(counters.igPlayCount),
      fbPlayCount: given(counters.fbPlayCount),
      likeCount: null,
      fbLikeCount: null,
    },
  };
}
