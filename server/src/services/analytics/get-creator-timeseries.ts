import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { accountsBefore } from './before.ts';
import { groupDayRows } from './group-day-rows.ts';
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
  const span = windowSpan(window);
  const members = await accountsBefore(ctx.db, ctx.organizationId, { creatorId: input.creatorId }, span.from);
  return toSeries(await groupDayRows(ctx.db, ctx.organizationId, members, span), window);
}
