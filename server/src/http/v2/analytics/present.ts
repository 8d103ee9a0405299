import type { Static } from 'typebox';
import type { AnalyticsSnapshot, SeriesMeta, SeriesPoint } from '../../../contract/v2/analytics.ts';
import { splitSeries } from '../../../metrics/series.ts';
import type { Series, Snapshot } from '../../../services/analytics/snapshot.ts';

/** §4.6 */
export function presentSnapshot(
  scope: Static<typeof AnalyticsSnapshot>['scope'],
  id: string,
  snapshot: Snapshot,
): Static<typeof AnalyticsSnapshot> {
  const { window, current, previous, changes, points } = snapshot;
  return {
    type: 'analytics',
    scope,
    id,
    start_date: window.start,
    end_date: window.end,
    days: window.days,
    ...current,
    previous,
    changes,
    daily: splitSeries(points),
  };
}

/** §4.6 */
export function presentSeries({ window, points, firstReadingDay }: Series): {
  data: Static<typeof SeriesPoint>[];
  meta: Static<typeof SeriesMeta>;
} {
  return {
    data: points,
    meta: {
      period: window.period,
      start_date: window.start,
      end_date: window.end,
      days: window.days,
      first_reading_date: firstReadingDay,
    },
  };
}
