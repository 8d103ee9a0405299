import { gainNames } from '../../metrics/counters.ts';
import { addDays } from '../../metrics/days.ts';
import { utcDay } from '../../metrics/runs.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { postGains } from '../posts/post-gains.ts';
import { postHolders } from '../posts/post-holder.ts';
import { type Batch, toBatch } from './batch.ts';

export interface DeltasBatch extends Batch<Record<`${number}d`, number>> {
  /** In days, each ending today. */
  windows: number[];
}

const defaultWindows = [1, 7, 14, 30];
const views = gainNames.indexOf('views');

/** Views that posts of both kinds gained in the last days. */
export async function batchVideoDeltas(
  ctx: Context,
  input: { videoIds: readonly string[]; windows: readonly number[] | null },
): Promise<DeltasBatch> {
  authorize(ctx, 'read');
  const windows = [...new Set(input.windows ?? defaultWindows)];
  const end = utcDay(ctx.clock.now());
  const spans = windows.map((days) => ({ start: addDays(end, 1 - days), end }));
  const holders = await postHolders(ctx.db, ctx.organizationId, ['account_video', 'video'], input.videoIds);
  const all = await postGains(ctx.db, holders, spans, [views]);
  const deltas = all.map(({ holder, gains }) => {
    const byWindow = windows.map((days, i) => [`${days}d`, gains[i]?.[views] ?? 0] as const);
    return [holder.id, Object.fromEntries(byWindow) as Record<`${number}d`, number>] as const;
  });
  return { windows, ...toBatch(input.videoIds, new Map(deltas)) };
}
