import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { organizationDays } from './organization-days.ts';
import { parseWindow } from './parse-window.ts';
import { type Series, toSeries, windowSpan } from './snapshot.ts';

export async function getOrganizationTimeseries(ctx: Context, input: { request: WindowRequest }): Promise<Series> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  const { rows } = await organizationDays(ctx, windowSpan(window));
  return toSeries(rows, window);
}
