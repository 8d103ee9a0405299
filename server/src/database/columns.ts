import type { ColumnType, Generated } from 'kysely';
import type { OutcomeCode } from '../sources/source.ts';

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

/** Of what collectors look at: when next, who is at it, and how it went. */
export interface ScheduleColumns {
  is_unavailable: Generated<boolean>;
  not_found_count: Generated<number>;
  not_found_since: Date | null;
  interval_hours: number | null;
  due_at: Date | null;
  claim_id: string | null;
  claimed_by: string | null;
  claimed_at: Date | null;
  failure_count: Generated<number>;
  last_attempt_at: Date | null;
  last_outcome: OutcomeCode | null;
}
