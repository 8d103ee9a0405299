import type { Failure } from '../sources/source.ts';
import { beginPostRefresh } from './claim-post.ts';
import type { PostClaim } from './claimable.ts';
import { observePost } from './observe-post.ts';
import { recordPostFailure } from './record-post-failure.ts';
import { type RecordedPost, recordPost } from './record-post.ts';
import type { RefreshDeps } from './refresh.ts';

export type RefreshedPost =
  | Exclude<RecordedPost, { status: 'no_author' }>
  | { status: 'failed'; failure: Failure; dueAt: Date | null };

/** Looks at one claimed post and writes down what it found; idempotent, as `refresh` is for profiles. */
export async function refreshPost(
  { db, sources, clock, logger, collectorId }: Omit<RefreshDeps, 'maxPagesPerRefresh'>,
  claim: PostClaim,
  signal?: AbortSignal,
): Promise<RefreshedPost> {
  const post = await beginPostRefresh(db, claim, collectorId);
  if (post === null) return { status: 'lost_claim' };
  const seen = await observePost(sources, post, { now: clock.now(), ...(signal ? { signal } : {}) });
  if (signal?.aborted) throw new Error('the refresh was stopped');
  const recorded = seen.ok ? await recordPost(db, clock, claim, seen.value) : null;
  if (recorded !== null && recorded.status !== 'no_author') return recorded;
  const failure = seen.ok ? withoutAuthor : seen.failure;
  const { platform, externalId } = claim;
  logger.info({ platform, externalId, outcome: failure.code, reason: failure.message }, 'refresh of a post failed');
  return { status: 'failed', failure, dueAt: await recordPostFailure(db, clock, claim, failure) };
}

/** A made-up author would give the post a second set of readings as soon as the real one's feed shows it. */
const withoutAuthor: Failure = { code: 'upstream_changed', message: 'the answer does not say whose post it is' };
