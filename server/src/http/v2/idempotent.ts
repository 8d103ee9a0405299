import { conflict, type ErrorCode, invalid, Problem } from '../../contract/problem.ts';
import { repeatable } from '../../database/retry.ts';
import type { Context } from '../../services/context.ts';
import { claim, complete, type OnceKey, release, type StoredAnswer } from '../../services/idempotency/records.ts';
import { canonicalHash } from '../canonical-hash.ts';
import { problemBody } from '../problems.ts';
import type { Written } from './written.ts';

interface OnceRequest {
  route: string;
  key: string;
  body: unknown;
}

// What an operation produces by running (§2.10); other refusals leave no trace.
const storedCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['NOT_FOUND', 'CONFLICT', 'QUOTA_EXCEEDED']);

class LapsedError extends Error {}

/**
 * Runs an operation at most once per Idempotency-Key. The operation and its stored answer commit in one transaction, so a
 * process killed at any moment leaves either both or a mark that lapses.
 */
export async function runOnce(
  ctx: Context,
  request: OnceRequest,
  url: string,
  run: (ctx: Context) => Promise<Written>,
): Promise<Written> {
  const once: OnceKey = { route: request.route, key: request.key, bodyHash: canonicalHash(request.body) };
  const found = await claim(ctx, once);
  if (found.state !== 'claimed' && !found.isSameBody) {
    throw invalid([{ field: 'Idempotency-Key', message: 'was used with another body' }]);
  }
  if (found.state === 'running') throw stillRunning();
  if (found.state === 'finished') return replay(found.answer, ctx.requestId);
  return runClaimed(ctx, once, found.claimedAt, url, run);
}

async function runClaimed(
  ctx: Context,
  once: OnceKey,
  claimedAt: Date,
  url: string,
  run: (ctx: Context) => Promise<Written>,
): Promise<Written> {
  try {
    return await repeatable(ctx.db, async (trx) => {
      const written = await run({ ...ctx, db: trx });
      const { status, location, body } = written;
      if (!(await complete(ctx, trx, once, claimedAt, { status, location, body }))) throw new LapsedError();
      return written;
    });
  } catch (error) {
    if (error instanceof LapsedError) throw stillRunning();
    if (error instanceof Problem && storedCodes.has(error.code)) {
      await complete(ctx, ctx.db, once, claimedAt, storedProblem(error, url, ctx.requestId));
    } else {
      await releaseQuietly(ctx, once, claimedAt);
    }
    throw error;
  }
}

/** Should the mark stay, it lapses by itself; what the client must see is why the request failed. */
async function releaseQuietly(ctx: Context, once: OnceKey, claimedAt: Date): Promise<void> {
  await release(ctx, once, claimedAt).catch((error: unknown) => {
    ctx.logger.warn({ err: error, request_id: ctx.requestId }, 'idempotency mark left to lapse');
  });
}

const stillRunning = (): Problem => conflict('The first request with this Idempotency-Key is still running.', 1);

const storedProblem = (problem: Problem, url: string, requestId: string): StoredAnswer => ({
  status: problem.status,
  location: null,
  body: JSON.stringify(problemBody(problem, url, requestId)),
});

/** A replayed problem carries the id of the request that it answers; all else is the original. */
function replay(answer: StoredAnswer, requestId: string): Written {
  if (answer.status < 400 || answer.body === null) return { ...answer, isReplay: true };
  const body = JSON.stringify({ ...JSON.parse(answer.body), request_id: requestId });
  return { ...answer, body, isReplay: true };
}
