import { addDays, startOfDay } from '../../metrics/days.ts';
import { type Overview, overviewOf } from '../../metrics/overview.ts';
import { utcDay } from '../../metrics/runs.ts';
import { type Preset, presetWindow, previousWindow } from '../../metrics/windows.ts';
import { organizationDays } from '../analytics/organization-days.ts';
import { comparisonSpan } from '../analytics/snapshot.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { trackedCounts } from './tracked-counts.ts';

/** The organization's last days, compared with as many before. */
export async function getOverview(ctx: Context, input: { period: Preset }): Promise<Overview> {
  authorize(ctx, 'read');
  const { db, organizationId } = ctx;
  const window = presetWindow(input.period, utcDay(ctx.clock.now()));
  const { rows, before, postsFound } = await organizationDays(ctx, comparisonSpan(window));
  const countsAfter = (day: string) => trackedCounts(db, organizationId, startOfDay(addDays(day, 1)), postsFound(day));
  const [current, previous] = await Promise.all([countsAfter(window.end), countsAfter(previousWindow(window).end)]);
  return overviewOf(rows, window, before, { current, previous });
}
