import { sql, type Transaction } from 'kysely';
import { RepeatError } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import type { Day } from '../metrics/days.ts';
import { utcDay } from '../metrics/runs.ts';
import { lockBooks } from '../services/organization-books/lock-books.ts';
import { selectSettled, unsettleFrom } from '../services/organization-books/unsettle.ts';
import { rebook } from '../services/shared-posts/rebook-shared-posts.ts';
import {
  locksOfNewPosts,
  type PostsOfInterest,
  selectSharedPosts,
  type SharedPost,
} from '../services/shared-posts/shared-post.ts';
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
  if (organizationIds.length === 0) return;
  if (restated.length > 0 || newlyHeld.length > newPostsLocked) held.isAlone = true;
  const newPosts = held.isAlone ? null : locksOfNewPosts(platform, newlyHeld);
  await lockBooks(trx, organizationIds, held.isAlone ? 'alone' : 'shared', newPosts);
  const day = utcDay(readAt);
  const { settled, shared } = await booksOf(trx, { organizationIds, platform, externalIds }, day);
  await unsettleFrom(trx, settled, day);
  const begun = new Set(newlyHeld);
  if (!held.isAlone && shared.some((post) => begun.has(post.externalId))) {
    // Whoever held it before may be reading it now, and does not know that it is shared. To wait for them here would be to
    // wait in a circle with others who do the same.
    held.isAlone = true;
    throw new RepeatError('a post that is new here is held already');
  }
  await keepEveryReading(trx, profileId, shared);
  await rebook(trx, shared);
}

/**
 * Of posts that an organization holds through another profile too. From the next reading on: until now that one had none which
 * could have come between two of these.
 */
async function keepEveryReading(
  trx: Transaction<Database>,
  profileId: number,
  shared: readonly SharedPost[],
): Promise<void> {
  if (shared.length === 0) return;
  const rows = shared.map((post) => ({ organization_id: post.organizationId, external_id: post.externalId }));
  const isOther = sql`v.organization_id = u.organization_id and v.external_id = u.external_id
    and v.platform = ${shared[0]?.platform} and v.profile_id <> ${profileId}`;
  await sql`
    update posts p set keeps_every_reading = true
    from ${unnest(rows, { organization_id: 'uuid', external_id: 'text' })}
    where p.profile_id = ${profileId} and p.external_id = u.external_id and not p.keeps_every_reading
      and (exists (select from account_videos v where ${isOther}) or exists (select from videos v where ${isOther}))`.execute(
    trx,
  );
}

/** The organizations that have settled the day, and the posts that one holds more than once: asked in one statement. */
async function booksOf(
  trx: Transaction<Database>,
  posts: PostsOfInterest,
  day: Day,
): Promise<{ settled: string[]; shared: SharedPost[] }> {
  const { rows } = await sql<{ organization_id: string; external_id: string | null }>`
    ${selectSharedPosts(posts)}
    union all
    select organization_id, null from (${selectSettled(posts.organizationIds, day)}) settled`.execute(trx);
  return {
    settled: rows.flatMap((row) => (row.external_id === null ? [row.organization_id] : [])),
    shared: rows.flatMap(({ organization_id: organizationId, external_id: externalId }) =>
      externalId === null ? [] : [{ organizationId, platform: posts.platform, externalId }],
    ),
  };
}
