import type { Static } from 'typebox';
import type { DeltasById, DeltasMeta, MetricsById, MetricsMeta } from '../../../contract/v2/batches.ts';
import type { MetricsBatch } from '../../../services/analytics/batch.ts';
import type { DeltasBatch } from '../../../services/analytics/batch-video-deltas.ts';

/** §5.4 */
export function presentMetrics({ window, found, notFound }: MetricsBatch): {
  data: Static<typeof MetricsById>;
  meta: Static<typeof MetricsMeta>;
} {
  const { period, start: start_date, end: end_date, days } = window;
  return { data: Object.fromEntries(found), meta: { period, start_date, end_date, days, not_found: notFound } };
}

/** §5.2 */
export function presentDeltas({ windows, found, notFound }: DeltasBatch): {
  data: Static<typeof DeltasById>;
  meta: Static<typeof DeltasMeta>;
} {
  return { data: Object.fromEntries(found), meta: { windows, video_count: found.size, not_found: notFound } };
}
