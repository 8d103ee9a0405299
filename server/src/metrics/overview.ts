import { type Before, windowFigures } from './figures.ts';
import { percentChange } from './rates.ts';
import type { DayRow } from './series.ts';
import { previousWindow, type Window } from './windows.ts';

/** How much an organization tracked at a moment. */
export interface TrackedCounts {
  active_accounts: number;
  account_videos: number;
  tracked_videos: number;
}

/** The five figures of an overview's window (contract v2 §5.5); 0 where nothing is known. */
export interface OverviewFigures extends TrackedCounts {
  /** Views gained. */
  total_views: number;
  /** Percent with 2 decimals. */
  engagement_rate: number;
}

export interface Overview {
  current: OverviewFigures;
  previous: OverviewFigures;
  changes: Record<`${keyof OverviewFigures}_pct`, number | null>;
  /** Gains of the current window, and the level at its end. */
  views: number;
  likes: number;
  comments: number;
  shares: number;
  followers: number;
}

/** `rows` are ascending and cover the window and the one before it; `before` describes the time before the first of them. */
export function overviewOf(
  rows: readonly DayRow[],
  window: Window,
  before: Before,
  counts: { current: TrackedCounts; previous: TrackedCounts },
): Overview {
  const earlier = windowFigures(rowsIn(rows, previousWindow(window)), before);
  const now = windowFigures(rowsIn(rows, window), { ...before, followers: earlier.followers });
  const current = { total_views: now.views, engagement_rate: now.engagement_rate ?? 0, ...counts.current };
  const previous = { total_views: earlier.views, engagement_rate: earlier.engagement_rate ?? 0, ...counts.previous };
  return {
    current,
    previous,
    changes: changesBetween(current, previous),
    views: now.views,
    likes: now.likes,
    comments: now.comments,
    shares: now.shares,
    followers: now.followers ?? 0,
  };
}

const rowsIn = (rows: readonly DayRow[], { start, end }: Window): DayRow[] =>
  rows.filter((row) => row.day >= start && row.day <= end);

function changesBetween(current: OverviewFigures, previous: OverviewFigures): Overview['changes'] {
  const change = (name: keyof OverviewFigures) => overviewChange(current[name], previous[name]);
  return {
    total_views_pct: change('total_views'),
    engagement_rate_pct: change('engagement_rate'),
    active_accounts_pct: change('active_accounts'),
    account_videos_pct: change('account_videos'),
    tracked_videos_pct: change('tracked_videos'),
  };
}

/** As `percentChange`, but 0 when both are 0 (contract v2 §3). */
export function overviewChange(current: number, previous: number): number | null {
  return current === 0 && previous === 0 ? 0 : percentChange(current, previous);
}
