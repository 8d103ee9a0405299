import { failed, ok } from './outcome.ts';
import type { Normalised } from './payloads/normalised.ts';
import type { ObservedPostWithAuthor, PostRef, Result } from './source.ts';

/** One post was asked for by its id, so another one in its place is not an answer. */
export function checkPost(
  item: Normalised,
  author: ObservedPostWithAuthor['author'],
  ref: PostRef,
): Result<ObservedPostWithAuthor> {
  if ('refused' in item) return failed('upstream_changed', `post ${ref.externalId}: ${item.refused.reason}`);
  if (item.post.externalId !== ref.externalId) {
    return failed('upstream_changed', `asked for post ${ref.externalId}, got ${item.post.externalId}`);
  }
  return ok({ post: item.post, author });
}

export function removedWhenNotFound<T>(reply: Result<T>): Result<T> {
  if (reply.ok || reply.failure.code !== 'not_found') return reply;
  return failed('removed_post', reply.failure.message);
}
