import type { ObservedPost, PostCounters, PostPage, RefusedItem } from '../source.ts';

/** An item of a list, read or refused. */
export type Normalised = { post: ObservedPost } | { refused: RefusedItem };

export const noCounters: PostCounters = {
  viewCount: null,
  playCount: null,
  likeCount: null,
  commentCount: null,
  shareCount: null,
  savedCount: null,
  fbPlayCount: null,
  igPlayCount: null,
  fbLikeCount: null,
};

export function toPage(items: readonly Normalised[], more: { isMore: boolean; cursor: string | null }): PostPage {
  const posts: ObservedPost[] = [];
  const refused: RefusedItem[] = [];
  for (const item of items) {
    if ('post' in item) posts.push(item.post);
    else refused.push(item.refused);
  }
  if (more.isMore && more.cursor === null) {
    // What came is still data, but nobody may believe that it was all.
    refused.push({ externalId: null, reason: 'more pages are announced, but no cursor is given', excerpt: {} });
  }
  return { posts, refused, nextCursor: more.isMore ? more.cursor : null };
}
