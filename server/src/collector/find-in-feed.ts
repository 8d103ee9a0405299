import type { ObservedPost, ProfileRef, RequestOptions, Source } from '../sources/source.ts';

/** Recent posts are on the first page; each page is paid for. */
const maxPages = 3;

/** A post as its author's feed shows it; null when it is not among the latest, or the feed cannot be read. */
export async function findInFeed(
  source: Source,
  author: ProfileRef,
  { externalId, createTime }: Pick<ObservedPost, 'externalId' | 'createTime'>,
  options: RequestOptions,
): Promise<ObservedPost | null> {
  let cursor: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const result = await source.fetchPosts(author, cursor, options);
    if (!result.ok) return null;
    const { posts, nextCursor } = result.value;
    const found = posts.find((post) => post.externalId === externalId);
    if (found !== undefined) return found;
    if (nextCursor === null || isPast(posts, createTime)) return null;
    cursor = nextCursor;
  }
  return null;
}

/** Pinned posts are older than their place in the list. */
function isPast(page: readonly ObservedPost[], createTime: Date | null): boolean {
  const times = page.flatMap((post) => (post.isPinned || post.createTime === null ? [] : [post.createTime]));
  return createTime !== null && times.length > 0 && times.every((time) => time < createTime);
}
