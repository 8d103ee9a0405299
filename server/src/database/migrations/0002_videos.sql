-- Posts that organizations track on their own (contract v2 §4.2): by URL, shortcode or id, whether or not their author is tracked.

-- ---------------------------------------------------------------- directory
-- What to ask for, and when. Shared by all organizations, as a profile is: a post is collected once however many track it.
-- Keyed by the platform's id: whose post it is may be unknown until it was fetched once. Small, a reference table when sharded.
create table tracked_posts (
  platform text collate "C" not null check (platform in ('instagram', 'tiktok')),
  external_id text collate "C" not null,
  shortcode text collate "C",
  -- the author as the URL named it; sources that ask by author and id need it
  author_username text collate "C",
  -- the fact that it is: set by the first fetch, or as soon as its author's feed shows it
  profile_id bigint,
  post_id bigint,
  is_unavailable boolean not null default false,
  not_found_count integer not null default 0,
  not_found_since timestamptz,
  -- schedule, as on profiles: due_at is null while no active video tracks the post
  interval_hours integer,
  due_at timestamptz,
  claim_id uuid,
  claimed_by uuid,
  claimed_at timestamptz,
  failure_count integer not null default 0,
  last_attempt_at timestamptz,
  last_outcome text,
  created_at timestamptz not null,
  primary key (platform, external_id)
) with (fillfactor = 80);
create index tracked_posts_due on tracked_posts (due_at) where due_at is not null and claim_id is null;
create index tracked_posts_claimed on tracked_posts (claimed_by) where claim_id is not null;
create index tracked_posts_by_profile on tracked_posts (profile_id) where profile_id is not null;

-- ---------------------------------------------------------------- tenancy
create table videos (
  organization_id uuid not null references organizations on delete cascade,
  video_id uuid not null,
  project_id uuid not null,
  platform text collate "C" not null,
  external_id text collate "C" not null,
  shortcode text collate "C",
  -- the shared post; null until it was found
  profile_id bigint,
  post_id bigint,
  metadata jsonb,
  is_active boolean not null default true,
  scrape_interval_hours integer not null check (scrape_interval_hours between 6 and 720),
  added_at timestamptz not null,
  -- the exact moment added_at was cut from: readings from here on are the video's own
  counted_from timestamptz not null,
  updated_at timestamptz not null,
  first_scrape_time timestamptz,
  last_scrape_time timestamptz,
  deleted_at timestamptz,
  is_unavailable boolean not null default false,
  -- published after tracking began: counted from 0, not from its first reading. False until the posting time is known
  counts_from_zero boolean not null default false,
  -- a copy of the post, so that lists, filters and sorts stay on the organization's shard
  source text,
  create_time timestamptz,
  media_type text,
  -- last known counters that this video has seen
  view_count bigint,
  play_count bigint,
  like_count bigint,
  comment_count bigint,
  share_count bigint,
  saved_count bigint,
  fb_play_count bigint,
  ig_play_count bigint,
  fb_like_count bigint,
  primary key (organization_id, video_id),
  foreign key (organization_id, project_id) references projects (organization_id, project_id)
) with (fillfactor = 80);
create unique index videos_by_post on videos (organization_id, platform, external_id) where deleted_at is null;
create index videos_by_external_id on videos (platform, external_id);
create index videos_by_profile on videos (profile_id, post_id) where profile_id is not null;
create index videos_deleted on videos (deleted_at) where deleted_at is not null;
create index videos_by_added_at on videos (organization_id, added_at, video_id) where deleted_at is null;
create index videos_by_create_time on videos (organization_id, create_time, video_id) where deleted_at is null;
create index videos_by_view_count on videos (organization_id, view_count, video_id) where deleted_at is null;
create index videos_by_like_count on videos (organization_id, like_count, video_id) where deleted_at is null;
create index videos_by_play_count on videos (organization_id, play_count, video_id) where deleted_at is null;

-- When a video was not looking, as account_pauses.
create table video_pauses (
  organization_id uuid not null,
  video_id uuid not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  reason text not null check (reason in ('paused', 'deleted')),
  primary key (organization_id, video_id, started_at),
  foreign key (organization_id, video_id) references videos on delete cascade
);

-- Gains of a video on a UTC day with a reading, as account_days. No row: nothing was read.
create table video_days (
  organization_id uuid not null,
  video_id uuid not null,
  day date not null,
  views bigint,
  plays bigint,
  likes bigint,
  comments bigint,
  shares bigint,
  saves bigint,
  primary key (organization_id, video_id, day)
) partition by range (day);

-- An organization counts a post once, even if it holds it twice; two profiles' feeds may show one post.
alter table account_videos add column external_id text collate "C";
update account_videos v set external_id = p.external_id from posts p where p.profile_id = v.profile_id and p.post_id = v.post_id;
alter table account_videos alter column external_id set not null;
create index account_videos_by_external_id on account_videos (organization_id, external_id);

-- The level before the day's first reading of followers; null when none was known. Gained on the day: followers - followers_before.
alter table account_days add column followers_before bigint;
update account_days d set followers_before = l.followers_before
from (
  select organization_id, account_id, day, lag(followers) over (partition by organization_id, account_id order by day) as followers_before
  from account_days where followers is not null
) l
where d.organization_id = l.organization_id and d.account_id = l.account_id and d.day = l.day;

-- ---------------------------------------------------------------- partitions
-- As in the first migration, for video_days too.
create or replace function ensure_month_partitions(from_day date, to_day date) returns integer
language plpgsql as $$
declare
  parent text;
  month date;
  child text;
  suffix text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('tallyline.partitions'));
  foreach parent in array array['profile_readings', 'post_readings', 'account_days', 'video_days'] loop
    month := date_trunc('month', from_day)::date;
    while month <= to_day loop
      child := parent || '_' || to_char(month, 'YYYY_MM');
      if to_regclass(child) is null then
        -- Attached, not created as a partition: that would lock the parent against every reader and writer.
        execute format('create table %I (like %I including all)', child, parent);
        -- The bounds of timestamptz columns are written in UTC, whatever the session's time zone is.
        suffix := case when parent in ('account_days', 'video_days') then '' else ' 00:00:00+00' end;
        execute format('alter table %I attach partition %I for values from (%L) to (%L)',
          parent, child, month::text || suffix, (month + interval '1 month')::date::text || suffix);
        made := made + 1;
      end if;
      month := (month + interval '1 month')::date;
    end loop;
  end loop;
  return made;
end
$$;
-- Months that already hold account_days.
select ensure_month_partitions(min(day), max(day)) from account_days having count(*) > 0;
