import { addDays } from '../../metrics/days.ts';
import { type Overview, overviewOf } from '../../metrics/overview.ts';
import { utcDay } from '../../metrics/runs.ts';
import { type Preset, presetWindow } from '../../metrics/windows.ts';
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
  const [{ rows, before }, current, previous] = await Promise.all([
    organizationDays(db, organizationId, comparisonSpan(window)),
    trackedCounts(db, organizationId, new Date(`${addDays(window.end, 1)}T00:00:00Z`)),
    trackedCounts(db, organizationId, new Date(`${window.start}T00:00:00Z`)),
  ]);
  return overviewOf(rows, window, before, { current, previous });
}
