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

-- Each run of three characters in a text (at its ends: what there is of one), as a lexeme that differs in each organization,
-- so that nobody's search meets another's posts. What is looked for is every run of a longer text, or the runs that begin
-- with a shorter one. Organizations may share the end of an id: what is found is compared with the text itself.
create function caption_runs(organization_id uuid, folded text) returns tsvector
language plpgsql immutable strict parallel safe as $$
declare
  organization text := right(organization_id::text, 6);
  runs text[];
  a text := '';
  b text := '';
  c text;
begin
  foreach c in array string_to_array(folded, null) || array['', ''] loop
    runs := runs || (organization || a || b || c);
    a := b;
    b := c;
  end loop;
  return array_to_tsvector(runs);
end
$$;
create index captions_by_runs on captions using gin (caption_runs(organization_id, folded));
-- Which plan is taken does not depend on how often a run occurs, and finding that out is slow.
alter index captions_by_runs alter column 1 set statistics 0;

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
