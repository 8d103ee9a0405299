import { addKnown } from './gains.ts';
import { engagementRate, percentChange } from './rates.ts';
import {
  type DayRow,
  type FigureName,
  type Figures,
  type GainRow,
  unknownFigures,
  type WindowFigures,
} from './series.ts';
import { previousWindow, type Window } from './windows.ts';

/** What is known of a scope before the first of the days that were loaded. */
export interface Before {
  /** Whether anything was ever read. */
  wasRead: boolean;
  /** The follower level, null when unknown. */
  followers: number | null;
  /** Whether saves of its posts were known: then a window in which none were read gained 0, not unknown. */
  hasSaves: boolean;
}

export interface Comparison {
  current: WindowFigures;
  previous: Figures;
  changes: Record<`${FigureName}_pct`, number | null>;
}

/**
 * A window's figures, those of the equally long window before it, and the change between them (contract v2 §4.6).
 * `rows` are ascending and cover both windows; `before` describes the time before the first of them.
 */
export function compareWindows(rows: readonly DayRow[], window: Window, before: Before): Comparison {
  const earlier = previousWindow(window);
  const previousRows = rows.filter((row) => row.day >= earlier.start && row.day <= earlier.end);
  const currentRows = rows.filter((row) => row.day >= window.start && row.day <= window.end);
  const wasRead = before.wasRead || previousRows.length > 0;
  const previous = wasRead ? windowFigures(previousRows, before) : unknownFigures;
  const level = lastLevel(previousRows, before.followers);
  const hasSaves = before.hasSaves || previousRows.some((row) => row.saves !== null);
  const current = windowFigures(currentRows, { followers: level, hasSaves });
  return { current, previous, changes: changesBetween(current, previous) };
}

/**
 * The figures of one window from its days, or from their sums: sums of gains, 0 when nothing was read; the follower level at its end;
 * saves null when unknown (contract v2 §3).
 */
export function windowFigures(rows: readonly GainRow[], before: Pick<Before, 'followers' | 'hasSaves'>): WindowFigures {
  const sum = (pick: (row: GainRow) => number | null): number | null =>
    rows.reduce<number | null>((total, row) => addKnown(total, pick(row)), null);
  const views = sum((row) => row.views) ?? 0;
  const likes = sum((row) => row.likes) ?? 0;
  const comments = sum((row) => row.comments) ?? 0;
  const shares = sum((row) => row.shares) ?? 0;
  const engaged = likes + comments + shares;
  return {
    views,
    plays: sum((row) => row.plays) ?? 0,
    likes,
    comments,
    shares,
    saves: sum((row) => row.saves) ?? (before.hasSaves ? 0 : null),
    followers: lastLevel(rows, before.followers),
    engagement: engaged,
    engagement_rate: engagementRate(engaged, views),
  };
}

function lastLevel(rows: readonly GainRow[], before: number | null): number | null {
  return rows.findLast((row) => row.followers !== null)?.followers ?? before;
}

function changesBetween(current: Figures, previous: Figures): Comparison['changes'] {
  const change = (name: FigureName) => percentChange(current[name], previous[name]);
  return {
    views_pct: change('views'),
    plays_pct: change('plays'),
    likes_pct: change('likes'),
    comments_pct: change('comments'),
    shares_pct: change('shares'),
    saves_pct: change('saves'),
    followers_pct: change('followers'),
    engagement_pct: change('engagement'),
    engagement_rate_pct: change('engagement_rate'),
  };
}
