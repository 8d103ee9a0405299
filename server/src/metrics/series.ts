import { type Day, listDays } from './days.ts';
import { engagement, engagementRate } from './rates.ts';
import type { Window } from './windows.ts';

/** What a scope gained, and its followers at the end. null = not read. */
export interface GainRow {
  views: number | null;
  plays: number | null;
  likes: number | null;
  comments: number | null;
  shares: number | null;
  saves: number | null;
  followers: number | null;
}

/** A day that was read. */
export interface DayRow extends GainRow {
  day: Day;
}

/** The nine figures of a day or window, in the order in which the API shows them. */
export const figureNames = [
  'views',
  'plays',
  'likes',
  'comments',
  'shares',
  'saves',
  'followers',
  'engagement',
  'engagement_rate',
] as const;
export type FigureName = (typeof figureNames)[number];
export type Figures = Record<FigureName, number | null>;

/** A window's figures: all but levels and rates are known, 0 when nothing was read. */
export type WindowFigures = Figures &
  Record<'views' | 'plays' | 'likes' | 'comments' | 'shares' | 'engagement', number>;

export const unknownFigures: Figures = {
  views: null,
  plays: null,
  likes: null,
  comments: null,
  shares: null,
  saves: null,
  followers: null,
  engagement: null,
  engagement_rate: null,
};

export interface SeriesPoint extends Figures {
  date: Day;
}

/**
 * A point per day from the first day with a reading to the end of the window; a day without a reading is null throughout,
 * never 0 (contract v2 §3, §4.6). `rows` are ascending and inside the window; none means an empty series.
 */
export function assembleSeries(rows: readonly DayRow[], window: Window): SeriesPoint[] {
  const first = rows[0];
  if (first === undefined) return [];
  const byDay = new Map(rows.map((row) => [row.day, row]));
  return listDays(first.day, window.end).map((day) => {
    const row = byDay.get(day);
    return row === undefined ? { date: day, ...unknownFigures } : readPoint(row);
  });
}

/** The same points, one list of `{date, value}` per figure. */
export function splitSeries(points: readonly SeriesPoint[]): Record<FigureName, { date: Day; value: number | null }[]> {
  const list = (name: FigureName) => points.map((point) => ({ date: point.date, value: point[name] }));
  return {
    views: list('views'),
    plays: list('plays'),
    likes: list('likes'),
    comments: list('comments'),
    shares: list('shares'),
    saves: list('saves'),
    followers: list('followers'),
    engagement: list('engagement'),
    engagement_rate: list('engagement_rate'),
  };
}

function readPoint(row: DayRow): SeriesPoint {
  const { day, views, plays, likes, comments, shares, saves, followers } = row;
  const engaged = engagement(likes, comments, shares);
  const rate = engagementRate(engaged, views);
  return {
    date: day,
    views,
    plays,
    likes,
    comments,
    shares,
    saves,
    followers,
    engagement: engaged,
    engagement_rate: rate,
  };
}
