import { windowFigures } from './figures.ts';
import type { GainRow, WindowFigures } from './series.ts';

/** What a creator's accounts gained in a window, and their followers at its end. */
export interface RankedFigures extends WindowFigures {
  /** Sum of the gains of its accounts. */
  followers_gained: number;
}

export const rankingMetrics = ['views', 'likes', 'engagement', 'followers_gained', 'engagement_rate'] as const;
export type RankingMetric = (typeof rankingMetrics)[number];

/** The figures of a window from the sums of its days; null sums were never read. */
export function rankedFigures(sums: GainRow, followersGained: number | null): RankedFigures {
  const figures = windowFigures([sums], { followers: null, hasSaves: false });
  return { ...figures, followers_gained: followersGained ?? 0 };
}

/** Descending by a metric, null last (contract v2 §5.3). Those that are equal stay in the order in which they came. */
export function rankBy<T extends RankedFigures>(all: readonly T[], metric: RankingMetric): T[] {
  const value = (figures: T): number => figures[metric] ?? Number.NEGATIVE_INFINITY;
  return [...all].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === right) return 0;
    return left < right ? 1 : -1;
  });
}
