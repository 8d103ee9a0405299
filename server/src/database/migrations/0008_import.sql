-- Imports (docs/adr/0024-imported-readings.md). What a file says, while it is checked and until it is written down. One import
-- runs at a time; what a killed one has left is thrown away by the next. Unlogged: after a crash the file is read again.
create unlogged table import_rows (
  line bigint not null,
  platform text collate "C" not null,
  username text collate "C" not null,
  -- null: a reading of the profile
  external_id text collate "C",
  read_at timestamptz not null,
  follower_count bigint,
  following_count bigint,
  post_count bigint,
  view_count bigint,
  play_count bigint,
  like_count bigint,
  comment_count bigint,
  share_count bigint,
  saved_count bigint,
  create_time timestamptz,
  caption text
);
create index import_rows_by_profile on import_rows (platform, username);
