import { notFound } from '../../contract/problem.ts';
import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { accountDayRows } from './account-day-rows.ts';
import { accountsBefore, beforeOf } from './before.ts';
import { parseWindow } from './parse-window.ts';
import { comparisonSpan, type Snapshot, toSnapshot } from './snapshot.ts';

export async function getAccountAnalytics(
  ctx: Context,
  input: { accountId: string; request: WindowRequest },
): Promise<Snapshot> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  const span = comparisonSpan(window);
  const { accountId } = input;
  const [rows, accounts] = await Promise.all([
    accountDayRows(ctx.db, ctx.organizationId, accountId, span),
    accountsBefore(ctx.db, ctx.organizationId, { accountId }, span.from),
  ]);
  if (rows === null) throw notFound('account');
  return toSnapshot(rows, window, beforeOf(accounts));
}
