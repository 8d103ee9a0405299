import { windowFigures } from '../../metrics/figures.ts';
import type { GainRow, WindowFigures } from '../../metrics/series.ts';
import type { PeriodWindow } from '../../metrics/windows.ts';

/** What a batch of ids answers: in the order in which they were sent, each id once. */
export interface Batch<T> {
  found: Map<string, T>;
  notFound: string[];
}

export interface MetricsBatch extends Batch<WindowFigures> {
  window: PeriodWindow;
}

export function toBatch<T>(ids: readonly string[], answers: ReadonlyMap<string, T>): Batch<T> {
  const batch: Batch<T> = { found: new Map(), notFound: [] };
  for (const id of new Set(ids)) {
    const answer = answers.get(id);
    if (answer === undefined) batch.notFound.push(id);
    else batch.found.set(id, answer);
  }
  return batch;
}

/** Batches show neither followers nor saves, so nothing before the window matters. */
export const figuresOfGains = (gains: GainRow): WindowFigures =>
  windowFigures([gains], { followers: null, hasSaves: false });
