import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { accountsBefore, beforeOf } from './before.ts';
import { groupDayRows } from './group-day-rows.ts';
import { parseWindow } from './parse-window.ts';
import { requireCreator } from './require-creator.ts';
import { comparisonSpan, type Snapshot, toSnapshot } from './snapshot.ts';

/** The accounts linked now, with their whole history. */
export async function getCreatorAnalytics(
  ctx: Context,
  input: { creatorId: string; request: WindowRequest },
): Promise<Snapshot> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  await requireCreator(ctx, input.creatorId);
  const span = comparisonSpan(window);
  const members = await accountsBefore(ctx.db, ctx.organizationId, { creatorId: input.creatorId }, span.from);
  return toSnapshot(await groupDayRows(ctx.db, ctx.organizationId, members, span), window, beforeOf(members));
}
