import type { Generated, JSONColumnType } from 'kysely';
import type { Platform } from '../sources/source.ts';
import type { CounterColumns, Day, GainColumns, Metadata, ScheduleColumns } from './columns.ts';

/** A post that somebody tracks on its own: what to ask for, where it was found, when to look again. */
export interface TrackedPostsTable extends ScheduleColumns {
  platform: Platform;
  external_id: string;
  shortcode: string | null;
  author_username: string | null;
  profile_id: number | null;
  post_id: number | null;
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
