import { type Kysely, sql, type Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import { RepeatError, repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { ensureAuthor } from '../services/profiles/ensure-author.ts';
import { indexCaptions } from '../services/captions/index-captions.ts';
import { bumpHolders } from '../services/versions.ts';
import { withHiddenCounts } from '../sources/payloads/hidden-counts.ts';
import { followName, lockAuthorProfile } from './author-profile.ts';
import { type BooksHeld, bookOnce } from './book-once.ts';
import { bookVideos } from './book-videos.ts';
import { type ClaimedPost, lockClaimedPost } from './claim-post.ts';
import { claimablePosts, type PostClaim, unclaimed } from './claimable.ts';
import { doubtsOf } from './doubts.ts';
import { nextDueAt } from './due.ts';
import { type Lookers, lockLookers, requireSameLookers, requireSameVideos } from './lock-to-record.ts';
import { momentOfReading } from './moment-of-reading.ts';
import type { PostObservation } from './observe-post.ts';
import { planAccount, type ReadPost, readPosts } from './plan-account.ts';
import { type Moment, planPost, postsCompared } from './plan-posts.ts';
import { learnedFacts, withFacts } from './post-facts.ts';
import { loadHoldings, loadPosts } from './read-state.ts';
import { isOfProfile, newlyTracked } from './tracked-video.ts';
import type { Tracker } from './tracker.ts';
import { writeAccountsOfPost } from './write-accounts.ts';
import { insertReadPosts, writePostReadings } from './write-posts.ts';
import { insertRefusals } from './write-profile.ts';

export type RecordedPost =
  | { status: 'recorded'; readAt: Date; dueAt: Date | null }
  | { status: 'lost_claim' }
  /** Nobody says whose post it is, so there is no profile to write it to. */
  | { status: 'no_author' };

/**
 * Writes what a refresh of a post on its own brought home, in one transaction: the reading, and what it adds to the books of
 * everybody who holds the post, videos and accounts. The post is the one that its author's feed shows, with one set of readings.
 */
export function recordPost(
  db: Kysely<Database>,
  clock: Clock,
  claim: PostClaim,
  observation: PostObservation,
): Promise<RecordedPost> {
  const held: BooksHeld = { isAlone: false };
  return repeatable(db, async (trx) => {
    const found = await profileOfPost(trx, claim, observation, clock);
    if (typeof found !== 'number') return found;
    const lookers = await lockLookers(trx, found, [claim.externalId]);
    const profile = await lockAuthorProfile(trx, found);
    requireSameLookers(lookers, profile);
    const post = await lockClaimedPost(trx, claim);
    if (post === null) return { status: 'lost_claim' };
    await requireSameVideos(trx, claim, lookers.videos);
    requireSameProfile(post, found);
    const videos = lookers.videos.filter((video) => isOfProfile(video, found));
    const stored = await loadPosts(trx, found, [claim.externalId]);
    const known = stored.get(claim.externalId);
    const readAt = await momentOfReading(trx, clock, profile, known ? [known] : [], videos);
    const moment: Moment = { readAt, runBreakAt: profile.runBreakAt, source: observation.source };

    await followName(trx, profile, observation);
    const isNewlyHeld = newlyTracked(videos).size > 0;
    // The setting of its author, which the answer about one post does not repeat.
    const seen = profile.hidesCounts ? withHiddenCounts(observation.post) : observation.post;
    const [whole = seen] = withFacts([seen], stored);
    const learned = learnedFacts([whole], stored);
    const doubts = await doubtsOf(trx, found, postsCompared(stored, [whole]), moment);
    const { planned, refused } = planPost(whole, known, moment, isNewlyHeld, doubts.get(whole.externalId));
    const postIds = await insertReadPosts(trx, found, [planned], moment);
    const retold = await writePostReadings(trx, found, [planned], moment);
    const read = readPosts([planned], postIds);
    const dueAt = nextDueAt(post, readAt, null);
    const postId = read[0]?.postId ?? null;
    await writeTrackedPost(trx, claim, { observation, profileId: found, postId, readAt, dueAt });
    const accounts = await bookAccounts(trx, lookers, read, readAt);
    await bookVideos(trx, videos, read, { profileId: found, readAt, source: observation.source });
    const { platform, externalId } = claim;
    const posts = { profileId: found, platform, externalIds: [externalId], newlyHeld: isNewlyHeld ? [externalId] : [] };
    await bookOnce(trx, held, [...accounts, ...videos], { ...posts, readAt, learned });
    await indexCaptions(trx, found, [...retold, ...learned.map(({ postId }) => postId)]);
    await insertRefusals(trx, found, refused, moment);
    await bumpHolders(trx, found);
    return { status: 'recorded', readAt, dueAt };
  });
}

/** The profile that the post is written to: where it was found before, else its author's, made when nobody knows it yet. */
async function profileOfPost(
  trx: Transaction<Database>,
  claim: PostClaim,
  { author, authorIds }: PostObservation,
  clock: Clock,
): Promise<number | Exclude<RecordedPost, { status: 'recorded' }>> {
  const { rows } = await sql<{ profile_id: number | null }>`
    select profile_id from tracked_posts where ${claimablePosts.isHeld(claim)}`.execute(trx);
  if (rows[0] === undefined) return { status: 'lost_claim' };
  if (rows[0].profile_id !== null) return rows[0].profile_id;
  if (author === null) return { status: 'no_author' };
  const found = { platform: claim.platform, username: author.username, ids: authorIds };
  return (await ensureAuthor(trx, found, clock.now())) ?? { status: 'no_author' };
}

function requireSameProfile({ profileId }: ClaimedPost, found: number): void {
  if (profileId === null || profileId === found) return;
  throw new RepeatError('whose post it is has become known meanwhile');
}

async function writeTrackedPost(
  trx: Transaction<Database>,
  claim: PostClaim,
  found: { observation: PostObservation; profileId: number; postId: number | null; readAt: Date; dueAt: Date | null },
): Promise<void> {
  const { post, author } = found.observation;
  await sql`
    update tracked_posts set profile_id = ${found.profileId}, post_id = ${found.postId},
      shortcode = coalesce(shortcode, ${post.shortcode}), author_username = coalesce(${author?.username ?? null}, author_username),
      is_unavailable = false, not_found_count = 0, not_found_since = null,
      failure_count = 0, last_attempt_at = ${found.readAt}, last_outcome = 'ok', due_at = ${found.dueAt}, ${unclaimed}
    where ${claimablePosts.isHeld(claim)}`.execute(trx);
}

/** Books the reading for the accounts that hold the post, and answers them. */
async function bookAccounts(
  trx: Transaction<Database>,
  { trackers }: Lookers,
  read: readonly ReadPost[],
  readAt: Date,
): Promise<Tracker[]> {
  const holdings = await loadHoldings(
    trx,
    trackers,
    read.map((post) => post.postId),
  );
  const accounts = trackers.flatMap((tracker) => {
    const held = holdings.get(tracker.accountId);
    return held === undefined ? [] : [planAccount(tracker, read, held, new Set())];
  });
  await writeAccountsOfPost(trx, accounts, readAt);
  return accounts.map(({ tracker }) => tracker);
}
