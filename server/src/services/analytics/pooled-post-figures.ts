import type { Kysely } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { gainRow } from '../../metrics/post-days.ts';
import type { WindowFigures } from '../../metrics/series.ts';
import { type PostHolding, pooledGains } from '../../metrics/shared-posts.ts';
import type { Window } from '../../metrics/windows.ts';
import { ownRuns } from '../posts/own-runs.ts';
import type { PostHolder } from '../posts/post-holder.ts';
import { figuresOfGains } from './batch.ts';
import { postFigures } from './post-figures.ts';

/**
 * Figures of posts in a window under their internal ids, each post once. One that several accounts hold counts what any of them has
 * read (docs/adr/0022), from all its readings: such accounts are few.
 */
export async function pooledPostFigures(
  db: Kysely<Database>,
  holders: readonly PostHolder[],
  window: Window,
): Promise<Map<string, WindowFigures>> {
  const byPost = Map.groupBy(holders, ({ postId }) => String(postId));
  const isHeldOnce = ({ postId }: PostHolder) => byPost.get(String(postId))?.length === 1;
  const figures = await postFigures(db, holders.filter(isHeldOnce), window, ({ postId }) => String(postId));
  const others = holders.filter((holder) => !isHeldOnce(holder));
  if (others.length === 0) return figures;
  const runs = await ownRuns(db, others);
  const holdings = others.map(({ postId, countsFromZero }, i): PostHolding & { postId: string } => ({
    postId: String(postId),
    countsFromZero,
    runs: runs[i] ?? [],
  }));
  for (const [postId, its] of Map.groupBy(holdings, (holding) => holding.postId)) {
    figures.set(postId, figuresOfGains(gainRow(pooledGains(its, window.start, window.end))));
  }
  return figures;
}
