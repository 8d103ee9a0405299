import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { correctionsOf } from './corrections.ts';
import { replaceCorrections } from './replace-corrections.ts';
import { lockSharedPosts, type PostsOfInterest, type SharedPost, sharedPosts } from './shared-post.ts';

const postsPerChunk = 200;

/**
 * Makes organizations that hold one of these posts more than once count it once. Called after readings of them were booked for
 * everybody who holds them, or after somebody began or ceased to; the books are held by then (`lockBooks`).
 */
export async function rebookSharedPosts(trx: Transaction<Database>, posts: PostsOfInterest): Promise<void> {
  if (posts.externalIds.length > 0) await rebook(trx, await sharedPosts(trx, posts));
}

/** The same for posts that are known to be shared, or to have been. */
export async function rebook(trx: Transaction<Database>, shared: readonly SharedPost[]): Promise<void> {
  await lockSharedPosts(trx, shared);
  for (let i = 0; i < shared.length; i += postsPerChunk) {
    const chunk = shared.slice(i, i + postsPerChunk);
    await replaceCorrections(trx, chunk, await correctionsOf(trx, chunk));
  }
}

/** The same for all posts of an account that was deleted or brought back, or whose history was made anew. */
export async function rebookPostsOfAccount(
  trx: Transaction<Database>,
  organizationId: string,
  accountId: string,
): Promise<void> {
  const { rows } = await sql<Pick<SharedPost, 'platform'> & { external_ids: string[] }>`
    select platform, array_agg(external_id) as external_ids from account_videos
    where organization_id = ${organizationId} and account_id = ${accountId} group by platform`.execute(trx);
  for (const { platform, external_ids: externalIds } of rows) {
    await rebookSharedPosts(trx, { organizationIds: [organizationId], platform, externalIds });
  }
}
