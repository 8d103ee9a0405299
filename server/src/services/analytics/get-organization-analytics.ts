import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { organizationDays } from './organization-days.ts';
import { parseWindow } from './parse-window.ts';
import { comparisonSpan, type Snapshot, toSnapshot } from './snapshot.ts';

export async function getOrganizationAnalytics(ctx: Context, input: { request: WindowRequest }): Promise<Snapshot> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  const { rows, before } = await organizationDays(ctx, comparisonSpan(window));
  return toSnapshot(rows, window, before);
}
