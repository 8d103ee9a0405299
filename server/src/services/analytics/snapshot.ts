import type { Day } from '../../metrics/days.ts';
import { type Before, type Comparison, compareWindows } from '../../metrics/figures.ts';
import { assembleSeries, type DayRow, type SeriesPoint } from '../../metrics/series.ts';
import { type PeriodWindow, previousWindow, type Window } from '../../metrics/windows.ts';
import type { DaySpan } from './account-day-rows.ts';

/** A window's figures beside those of the window before, and its days. */
export interface Snapshot extends Comparison {
  window: Window;
  points: SeriesPoint[];
}

export interface Series {
  window: PeriodWindow;
  points: SeriesPoint[];
  firstReadingDay: Day | null;
}

// Nothing was ever read before this day, and Postgres writes years before 1 in another way.
const firstDay: Day = '1970-01-01';

const bounded = (day: Day): Day => (day < firstDay ? firstDay : day);

/** The days to load for a series. */
export const windowSpan = (window: Window): DaySpan => ({ from: bounded(window.start), to: bounded(window.end) });

/** The days to load for a snapshot: both windows. */
export const comparisonSpan = (window: Window): DaySpan => ({
  from: bounded(previousWindow(window).start),
  to: bounded(window.end),
});

export function toSeries(rows: readonly DayRow[], window: PeriodWindow): Series {
  return { window, points: assembleSeries(rows, window), firstReadingDay: rows[0]?.day ?? null };
}

/** `rows` are the days of both windows, `before` is what was known before them. */
export function toSnapshot(rows: readonly DayRow[], window: Window, before: Before): Snapshot {
  const points = assembleSeries(
    rows.filter((row) => row.day >= window.start),
    window,
  );
  return { ...compareWindows(rows, window, before), window, points };
}
