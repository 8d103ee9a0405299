import type { Transaction } from 'kysely';
import type { Database } from '../database/tables.ts';
import { utcDay } from '../metrics/runs.ts';
import { lockBooks } from '../services/organization-books/lock-books.ts';
import { unsettleFrom } from '../services/organization-books/unsettle.ts';
import { rebookSharedPosts } from '../services/shared-posts/rebook-shared-posts.ts';
import type { PostsOfInterest } from '../services/shared-posts/shared-post.ts';
import type { LearnedFacts } from './post-facts.ts';
import { tellHolders } from './tell-holders.ts';

interface Holder {
  organizationId: string;
}

/**
 * After a reading was booked for everybody who looks: tells all who hold its posts what has become known of them, and brings what
 * organizations keep of all their holders in line. A post that one of them holds more than once counts once, and a day that was settled is not settled any more.
 */
export async function bookOnce(
  trx: Transaction<Database>,
  { trackers, videos }: { trackers: readonly Holder[]; videos: readonly Holder[] },
  read: Omit<PostsOfInterest, 'organizationIds'> & { profileId: number; readAt: Date },
  { learned, holdersChanged }: { learned: readonly LearnedFacts[]; holdersChanged: boolean },
): Promise<void> {
  const restated = await tellHolders(trx, read.profileId, learned);
  const organizationIds = [...new Set([...trackers, ...videos, ...restated].map((holder) => holder.organizationId))];
  if (organizationIds.length === 0) return;
  await lockBooks(trx, organizationIds, holdersChanged || restated.length > 0 ? 'alone' : 'shared');
  await unsettleFrom(trx, organizationIds, utcDay(read.readAt));
  const { platform, externalIds } = read;
  await rebookSharedPosts(trx, { organizationIds, platform, externalIds });
}
