import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { postHolders } from '../posts/post-holder.ts';
import { type MetricsBatch, toBatch } from './batch.ts';
import { parseWindow } from './parse-window.ts';
import { postFigures } from './post-figures.ts';

/** Posts of both kinds. */
export async function batchVideoMetrics(
  ctx: Context,
  input: { videoIds: readonly string[]; request: WindowRequest },
): Promise<MetricsBatch> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  const holders = await postHolders(ctx.db, ctx.organizationId, ['account_video', 'video'], input.videoIds);
  const figures = await postFigures(ctx.db, holders, window, (holder) => holder.id);
  return { window, ...toBatch(input.videoIds, figures) };
}
