import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { Platform, Precision, ViewKind } from '../sources/source.ts';
import type { CounterColumns, Day, GainColumns, Json, Metadata, ScheduleColumns } from './columns.ts';
import type {
  AccountSpansTable,
  OrganizationBooksTable,
  OrganizationDaysTable,
  SharedPostDaysTable,
} from './organization-tables.ts';
import type { TrackedPostsTable, VideoDaysTable, VideoPausesTable, VideosTable } from './video-tables.ts';

export interface ProfileHandlesTable {
  platform: Platform;
  username: string;
  profile_id: number;
}

export interface ProfileIdentitiesTable {
  platform: Platform;
  id_space: string;
  platform_profile_id: string;
  profile_id: number;
}

export interface CollectorsTable {
  collector_id: string;
  host: string;
  pid: number;
  sources: string[];
  started_at: Date;
  beat_at: Date;
}

export interface ProfilesTable extends ScheduleColumns {
  profile_id: Generated<number>;
  platform: Platform;
  username: string;
  platform_profile_id: string | null;
  twin_of: number | null;
  name: string | null;
  description: string | null;
  link_in_bio: string | null;
  profile_pic_url: string | null;
  is_verified: Generated<boolean>;
  hides_counts: boolean | null;
  follower_count: number | null;
  following_count: number | null;
  post_count: number | null;
  unread: Generated<number>;
  precision: Precision | null;
  source: string | null;
  read_at: Date | null;
  confirmed_at: Date | null;
  run_break_at: Date | null;
  created_at: Date;
}

export interface PostsTable extends CounterColumns {
  profile_id: number;
  post_id: Generated<number>;
  external_id: string;
  shortcode: string | null;
  create_time: Date | null;
  caption: string | null;
  media_type: 'video' | 'image' | 'carousel' | null;
  duration_seconds: number | null;
  cover_image_url: string | null;
  video_url: string | null;
  is_removed: Generated<boolean>;
  keeps_every_reading: Generated<boolean>;
  view_kind: ViewKind | null;
  unread: Generated<number>;
  precision: Precision | null;
  source: string | null;
  read_at: Date | null;
  confirmed_at: Date | null;
  first_seen_at: Date;
  updated_at: Date;
}

export interface ProfileReadingsTable {
  profile_id: number;
  read_at: Date;
  confirmed_at: Date;
  follower_count: number | null;
  following_count: number | null;
  post_count: number | null;
  precision: Precision;
  source: string;
}

export interface PostReadingsTable extends CounterColumns {
  profile_id: number;
  post_id: number;
  read_at: Date;
  confirmed_at: Date;
  precision: Precision;
  source: string;
}

export interface RefusedReadingsTable {
  profile_id: number;
  refusal_id: GeneratedAlways<number>;
  external_id: string | null;
  refused_at: Date;
  source: string;
  reason: string;
  excerpt: Json;
  kept_at: Generated<Date>;
}

export interface OrganizationsTable {
  organization_id: string;
  name: string;
  disabled_at: Date | null;
  account_quota: number | null;
  max_recent_posts_per_account: number | null;
  post_lookback_days: number | null;
  created_at: Date;
}

export interface OrganizationVersionsTable {
  organization_id: string;
  slot: number;
  version: Generated<number>;
}

export interface ProjectsTable {
  organization_id: string;
  project_id: string;
  name: string;
  is_default: Generated<boolean>;
  created_at: Date;
}

export interface ApiKeysTable {
  organization_id: string;
  api_key_id: string;
  name: string;
  prefix: string;
  key_hash: Buffer;
  scopes: string[];
  disabled_at: Date | null;
  created_at: Date;
}

export interface RateWindowsTable {
  organization_id: string;
  api_key_id: string;
  window_start: Date;
  hits: number;
}

export interface CreatorsTable {
  organization_id: string;
  creator_id: string;
  name: string;
  /** By fold(). */
  name_folded: string;
  is_active: Generated<boolean>;
  metadata: JSONColumnType<Metadata> | null;
  created_at: Date;
}

export interface AccountsTable {
  organization_id: string;
  account_id: string;
  project_id: string;
  profile_id: number;
  platform: Platform;
  username: string;
  creator_id: string | null;
  linked_at: Date | null;
  category: string | null;
  metadata: JSONColumnType<Metadata> | null;
  is_active: Generated<boolean>;
  paused_by_creator: Generated<boolean>;
  scrape_interval_hours: number;
  max_recent_posts_per_account: number | null;
  post_lookback_days: number | null;
  added_at: Date;
  counted_from: Date;
  first_scrape_time: Date | null;
  last_scrape_time: Date | null;
  deleted_at: Date | null;
  source: string | null;
  name: string | null;
  description: string | null;
  link_in_bio: string | null;
  profile_pic_url: string | null;
  is_verified: Generated<boolean>;
  is_unavailable: Generated<boolean>;
  follower_count: number | null;
  following_count: number | null;
  profile_post_count: number | null;
  total_post_count: Generated<number>;
  view_count: Generated<number>;
  play_count: Generated<number>;
  like_count: Generated<number>;
  comment_count: Generated<number>;
  share_count: Generated<number>;
  saved_count: number | null;
  fb_play_count: number | null;
  ig_play_count: number | null;
  fb_like_count: number | null;
}

export interface AccountPausesTable {
  organization_id: string;
  account_id: string;
  started_at: Date;
  ended_at: Date | null;
  reason: 'paused' | 'deleted';
}

export interface AccountVideosTable extends CounterColumns {
  organization_id: string;
  account_video_id: string;
  account_id: string;
  profile_id: number;
  post_id: number;
  platform: Platform;
  external_id: string;
  create_time: Date | null;
  media_type: 'video' | 'image' | 'carousel' | null;
  added_at: Date;
  counts_from_zero: boolean;
  is_hidden: Generated<boolean>;
}

/** The caption of a post that an organization holds, to be searched. */
export interface CaptionsTable {
  organization_id: string;
  item_id: string;
  kind: 'account_video' | 'video';
  profile_id: number;
  post_id: number;
  posted_at: Date;
  /** By fold(). */
  folded: string;
}

export interface AccountDaysTable extends GainColumns {
  organization_id: string;
  account_id: string;
  day: Day;
  followers: number | null;
  followers_before: number | null;
  followers_gained: number | null;
}

export interface IdempotencyRecordsTable {
  organization_id: string;
  route: string;
  idempotency_key: string;
  body_hash: Buffer;
  claimed_at: Date;
  completed_at: Date | null;
  status: number | null;
  location: string | null;
  body: string | null;
}

export interface AuditEventsTable {
  organization_id: string;
  audit_event_id: string;
  occurred_at: Date;
  actor_type: string;
  actor_id: string | null;
  action: string;
  subject_type: string;
  subject_id: string | null;
  detail: Json;
  request_id: string | null;
}

export interface Database {
  profile_handles: ProfileHandlesTable;
  profile_identities: ProfileIdentitiesTable;
  collectors: CollectorsTable;
  profiles: ProfilesTable;
  posts: PostsTable;
  profile_readings: ProfileReadingsTable;
  post_readings: PostReadingsTable;
  refused_readings: RefusedReadingsTable;
  organizations: OrganizationsTable;
  organization_versions: OrganizationVersionsTable;
  projects: ProjectsTable;
  api_keys: ApiKeysTable;
  rate_windows: RateWindowsTable;
  creators: CreatorsTable;
  accounts: AccountsTable;
  account_pauses: AccountPausesTable;
  account_videos: AccountVideosTable;
  account_days: AccountDaysTable;
  captions: CaptionsTable;
  tracked_posts: TrackedPostsTable;
  videos: VideosTable;
  video_pauses: VideoPausesTable;
  video_days: VideoDaysTable;
  shared_post_days: SharedPostDaysTable;
  organization_books: OrganizationBooksTable;
  organization_days: OrganizationDaysTable;
  account_spans: AccountSpansTable;
  idempotency_records: IdempotencyRecordsTable;
  audit_events: AuditEventsTable;
}
