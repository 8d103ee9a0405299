import { notFound } from '../../contract/problem.ts';
import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { accountDayRows } from './account-day-rows.ts';
import { parseWindow } from './parse-window.ts';
import { type Series, toSeries, windowSpan } from './snapshot.ts';

export async function getAccountTimeseries(
  ctx: Context,
  input: { accountId: string; request: WindowRequest },
): Promise<Series> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  const rows = await accountDayRows(ctx.db, ctx.organizationId, input.accountId, windowSpan(window));
  if (rows === null) throw notFound('account');
  return toSeries(rows, window);
}
