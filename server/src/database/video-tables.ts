import type { Generated, JSONColumnType } from 'kysely';
import type { OutcomeCode, Platform } from '../sources/source.ts';
import type { CounterColumns, Day, GainColumns, Metadata } from './columns.ts';

/** A post that somebody tracks on its own: what to ask for, where it was found, when to look again. */
export interface TrackedPostsTable {
  platform: Platform;
  external_id: string;
  shortcode: string | null;
  author_username: string | null;
  profile_id: number | null;
  post_id: number | null;
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
  created_at: Date;
}

/** One organization's tracking of a post on its own. */
export interface VideosTable extends CounterColumns {
  organization_id: string;
  video_id: string;
  project_id: string;
  platform: Platform;
  external_id: string;
  shortcode: string | null;
  profile_id: number | null;
  post_id: number | null;
  metadata: JSONColumnType<Metadata> | null;
  is_active: Generated<boolean>;
  scrape_interval_hours: number;
  added_at: Date;
  counted_from: Date;
  updated_at: Date;
  first_scrape_time: Date | null;
  last_scrape_time: Date | null;
  deleted_at: Date | null;
  is_unavailable: Generated<boolean>;
  counts_from_zero: Generated<boolean>;
  source: string | null;
  create_time: Date | null;
  media_type: 'video' | 'image' | 'carousel' | null;
}

export interface VideoPausesTable {
  organization_id: string;
  video_id: string;
  started_at: Date;
  ended_at: Date | null;
  reason: 'paused' | 'deleted';
}

export interface VideoDaysTable extends GainColumns {
  organization_id: string;
  video_id: string;
  day: Day;
}
