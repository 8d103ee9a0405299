import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { creatorDays } from './creator-days.ts';
import { parseWindow } from './parse-window.ts';
import { requireCreator } from './require-creator.ts';
import { type Series, toSeries, windowSpan } from './snapshot.ts';

/** The accounts linked now, with their whole history. */
export async function getCreatorTimeseries(
  ctx: Context,
  input: { creatorId: string; request: WindowRequest },
): Promise<Series> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  await requireCreator(ctx, input.creatorId);
  const { rows } = await creatorDays(ctx.db, ctx.organizationId, input.creatorId, windowSpan(window));
  return toSeries(rows, window);
}
