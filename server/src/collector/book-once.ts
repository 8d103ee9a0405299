import type { Transaction } from 'kysely';
import { RepeatError } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { utcDay } from '../metrics/runs.ts';
import { lockBooks } from '../services/organization-books/lock-books.ts';
import { unsettleFrom } from '../services/organization-books/unsettle.ts';
import { rebook } from '../services/shared-posts/rebook-shared-posts.ts';
import { lockNewPosts, type PostsOfInterest, sharedPosts } from '../services/shared-posts/shared-post.ts';
import type { LearnedFacts } from './post-facts.ts';
import { tellHolders } from './tell-holders.ts';

/** How a refresh holds the books of organizations; remembered while its transaction is repeated. */
export interface BooksHeld {
  isAlone: boolean;
}

export interface BookedPosts extends Omit<PostsOfInterest, 'organizationIds'> {
  readAt: Date;
  profileId: number;
  /** External ids of those that somebody begins to hold with this reading. */
  newlyHeld: readonly string[];
  learned: readonly LearnedFacts[];
}

// One lock each, and Postgres has room for some thousands in all.
const newPostsLocked = 200;

/**
 * After a reading was booked for everybody who looks: tells all who hold its posts what has become known of them, and brings what
 * organizations keep of all their holders in line. A post that one of them holds more than once counts once, and a day that was
 * settled is not settled any more.
 */
export async function bookOnce(
  trx: Transaction<Database>,
  held: BooksHeld,
  holders: readonly { organizationId: string }[],
  { profileId, platform, externalIds, readAt, newlyHeld, learned }: BookedPosts,
): Promise<void> {
  const restated = await tellHolders(trx, profileId, learned);
  const organizationIds = [...new Set([...holders, ...restated].map((holder) => holder.organizationId))];
  if (organizationIds.length === 0 || externalIds.length === 0) return;
  if (restated.length > 0 || newlyHeld.length > newPostsLocked) held.isAlone = true;
  await lockBooks(trx, organizationIds, held.isAlone ? 'alone' : 'shared');
  await unsettleFrom(trx, organizationIds, utcDay(readAt));
  if (!held.isAlone) await lockNewPosts(trx, platform, newlyHeld);
  const shared = await sharedPosts(trx, { organizationIds, platform, externalIds });
  const begun = new Set(newlyHeld);
  if (!held.isAlone && shared.some((post) => begun.has(post.externalId))) {
    // Whoever held it before may be reading it now, and does not know that it is shared. To wait for them here would be to
    // wait in a circle with others who do the same.
    held.isAlone = true;
    throw new RepeatError('a post that is new here is held already');
  }
  await rebook(trx, shared);
}
