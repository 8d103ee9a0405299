import type { ColumnType } from 'kysely';

// What the pool's type parsers return: int8 as number (refused above 2^53-1), timestamptz as Date, date as 'YYYY-MM-DD'.

export type Day = ColumnType<string, string, string>;
export type Json = ColumnType<unknown, string | null, string | null>;
export type Metadata = Record<string, string | number | boolean | null>;

export interface CounterColumns {
  view_count: number | null;
  play_count: number | null;
  like_count: number | null;
  comment_count: number | null;
  share_count: number | null;
  saved_count: number | null;
  fb_play_count: number | null;
  ig_play_count: number | null;
  fb_like_count: number | null;
}

/** Gains of a UTC day; null = that metric was not read. */
export interface GainColumns {
  views: number | null;
  plays: number | null;
  likes: number | null;
  comments: number | null;
  shares: number | null;
  saves: number | null;
}
