-- What an organization gained: every post once, however often it is held, and settled days so that years of them are read at once.

-- ---------------------------------------------------------------- followers
-- Rise of the followers over the day: above the level before it or, on an account's first day, above its first reading.
alter table account_days add column followers_gained bigint;
update account_days set followers_gained = followers - coalesce(followers_before, followers) where followers is not null;
update account_days d set followers_gained = d.followers - coalesce(
  (select r.follower_count from profile_readings r
    where r.profile_id = a.profile_id and r.read_at >= a.counted_from and r.follower_count is not null
      and not exists (select from account_pauses z where z.organization_id = a.organization_id and z.account_id = a.account_id
        and r.read_at >= z.started_at and (z.ended_at is null or r.read_at < z.ended_at))
    order by r.read_at limit 1), d.followers)
from accounts a
where a.organization_id = d.organization_id and a.account_id = d.account_id
  and d.followers is not null and d.followers_before is null;

-- ---------------------------------------------------------------- posts that are held more than once
-- In feeds of several accounts, or in a feed and tracked on its own: what to add to the gains of all holders of a post on a day,
-- so that it counts once. Only days with a difference have a row. Few, so without partitions.
create table shared_post_days (
  organization_id uuid not null,
  platform text collate "C" not null,
  external_id text collate "C" not null,
  day date not null,
  views bigint not null,
  plays bigint not null,
  likes bigint not null,
  comments bigint not null,
  shares bigint not null,
  saves bigint not null,
  primary key (organization_id, platform, external_id, day)
);
create index shared_post_days_by_day on shared_post_days (organization_id, day);

-- ---------------------------------------------------------------- settled days
-- How far an organization's days are settled: those up to settled_through are summed up in organization_days, later ones are
-- summed from the days of its accounts and videos by whoever asks. account_spans holds what was summed on spanned_on.
create table organization_books (
  organization_id uuid primary key references organizations on delete cascade,
  settled_through date,
  spanned_on date
);

-- Of each figure the sum, and how many accounts and videos gave it: 0 of them means unknown, not 0. So what one of them adds can be
-- taken out again when it is deleted.
create table organization_days (
  organization_id uuid not null references organizations on delete cascade,
  day date not null,
  holders_read integer not null,
  views bigint not null,
  views_known integer not null,
  plays bigint not null,
  plays_known integer not null,
  likes bigint not null,
  likes_known integer not null,
  comments bigint not null,
  comments_known integer not null,
  shares bigint not null,
  shares_known integer not null,
  saves bigint not null,
  saves_known integer not null,
  -- rise of the profiles' followers over their last earlier levels; a first level in full
  step bigint not null,
  step_known integer not null,
  posts_found integer not null,
  primary key (organization_id, day)
);

-- What an account gained in the windows of 7, 30 and 90 days that end on spanned_on, without the last two days, which are not settled yet.
create table account_spans (
  organization_id uuid not null,
  spanned_on date not null,
  days smallint not null,
  account_id uuid not null,
  views bigint not null,
  plays bigint not null,
  likes bigint not null,
  comments bigint not null,
  shares bigint not null,
  followers_gained bigint not null,
  -- the level at the span's end; null when unknown
  followers bigint,
  primary key (organization_id, spanned_on, days, account_id),
  foreign key (organization_id, account_id) references accounts on delete cascade
);
create index account_spans_by_account on account_spans (organization_id, account_id);

-- Days that are not settled are read by day, over all accounts.
create index account_days_by_day on account_days (organization_id, day);
create index video_days_by_day on video_days (organization_id, day);
