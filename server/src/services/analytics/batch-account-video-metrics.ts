import type { WindowRequest } from '../../metrics/windows.ts';
import type { Platform } from '../../sources/source.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { accountVideosByInternalId } from '../posts/post-holder.ts';
import { type MetricsBatch, toBatch } from './batch.ts';
import { parseWindow } from './parse-window.ts';
import { pooledPostFigures } from './pooled-post-figures.ts';

/** Posts in the feeds of accounts, by internal id. Under the other platform an id is not found. */
export async function batchAccountVideoMetrics(
  ctx: Context,
  input: { ids: { platform: Platform; internalId: number }[]; request: WindowRequest },
): Promise<MetricsBatch> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  const ids = input.ids.map(({ internalId }) => internalId);
  const asked = new Set(input.ids.map(({ platform, internalId }) => `${platform} ${internalId}`));
  const holders = await accountVideosByInternalId(ctx.db, ctx.organizationId, ids);
  const listed = holders.filter(({ platform, postId }) => asked.has(`${platform} ${postId}`));
  const figures = await pooledPostFigures(ctx.db, listed, window);
  return { window, ...toBatch(ids.map(String), figures) };
}
