-- Search (docs/adr/0018-search.md): texts without case, made by database/fold.ts, since lower() depends on the server's locale.

-- The captions of all posts that an organization holds, of either kind: a row per id that clients know, none while it is
-- deleted. Apart from account_videos, whose counters change: every version of a row there would be indexed anew.
create table captions (
  organization_id uuid not null references organizations on delete cascade,
  item_id uuid not null,
  kind text not null check (kind in ('account_video', 'video')),
  profile_id bigint not null,
  post_id bigint not null,
  -- -infinity: unknown
  posted_at timestamptz not null,
  folded text collate "C" not null,
  primary key (organization_id, item_id)
);
create index captions_newest on captions (organization_id, posted_at, item_id);
create index captions_by_post on captions (profile_id, post_id);

-- A number for each run of 1, 2 and 3 characters in a text, or of only the longer ones; different in each organization, so
-- that nobody's search meets another's posts. Runs may share a number: what is found is compared with the text itself.
create function caption_keys(organization_id uuid, folded text, shortest integer) returns integer[]
language sql immutable strict parallel safe as $$
  select coalesce(
    array_agg((hashtextextended(a collate "C", seed) >> 32)::integer) filter (where shortest <= 1) ||
    array_agg((hashtextextended(a || b collate "C", seed) >> 32)::integer) filter (where shortest <= 2 and b is not null) ||
    array_agg((hashtextextended(a || b || c collate "C", seed) >> 32)::integer) filter (where c is not null), '{}')
  from (select string_to_array(folded, null) as characters, uuid_hash_extended(organization_id, 0) as seed) as text,
    unnest(characters, characters[2:], characters[3:]) as run (a, b, c)
$$;
-- New rows wait in a list that each search reads through, so it is kept short.
create index captions_by_keys on captions using gin (caption_keys(organization_id, folded, 1))
  with (gin_pending_list_limit = 512);
-- Which plan is taken does not depend on statistics of the keys, and gathering them is slow.
alter index captions_by_keys alter column 1 set statistics 0;

alter table creators add column name_folded text collate "C" not null default '';
create index creators_by_folded_name on creators (organization_id, name_folded, creator_id);

-- What is there already, as well as the server can; `tallyline rebuild` folds it exactly.
update creators set name_folded = lower(name collate "default");
insert into captions (organization_id, item_id, kind, profile_id, post_id, posted_at, folded)
select v.organization_id, v.account_video_id, 'account_video', v.profile_id, v.post_id,
  coalesce(v.create_time, p.create_time, '-infinity'), lower(p.caption)
from account_videos v join posts p using (profile_id, post_id) where not v.is_hidden and p.caption is not null
union all
select v.organization_id, v.video_id, 'video', v.profile_id, v.post_id,
  coalesce(v.create_time, p.create_time, '-infinity'), lower(p.caption)
from videos v join posts p using (profile_id, post_id) where v.deleted_at is null and p.caption is not null;
