import type { CounterColumns } from '../../database/columns.ts';
import type { Counters } from '../../metrics/counters.ts';

/** The counter columns of a row, in the order of `counterNames`. */
export function countersOfRow(row: CounterColumns): Counters {
  return [
    row.view_count,
    row.play_count,
    row.like_count,
    row.comment_count,
    row.share_count,
    row.saved_count,
    row.fb_play_count,
    row.ig_play_count,
    row.fb_like_count,
  ];
}
