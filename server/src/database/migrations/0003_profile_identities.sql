-- One platform profile is one profile here, whatever handles it was tracked under (docs/adr/0015).

-- ---------------------------------------------------------------- directory
-- Which profile an id means. An id means something within its space only: `platform` holds the ids of Instagram and TikTok
-- themselves, the other spaces are named after the one source that gives them. Small, so a reference table when sharded.
create table profile_identities (
  platform text collate "C" not null check (platform in ('instagram', 'tiktok')),
  id_space text collate "C" not null,
  platform_profile_id text collate "C" not null,
  profile_id bigint not null,
  primary key (platform, id_space, platform_profile_id)
);
create index profile_identities_by_profile on profile_identities (profile_id);
create index profile_handles_by_profile on profile_handles (profile_id);

-- Who adds an account again under a handle that leads nowhere any more.
create index accounts_deleted_by_handle on accounts (organization_id, platform, username) where deleted_at is not null;

-- The profile that had this one's id first, when both have readings already: histories are never mixed.
alter table profiles add column twin_of bigint;

-- Until now a profile's id came from its latest source that gives ids; Graph gave none.
create temporary table known_ids on commit drop as
select p.profile_id, p.platform, p.platform_profile_id, case when s.source = 'sandbox' then 'sandbox' else 'platform' end as id_space
from profiles p, lateral (
  select coalesce((
    select r.source from profile_readings r
    where r.profile_id = p.profile_id and r.source <> 'instagram_graph' order by r.read_at desc limit 1), p.source) as source
) s
where p.platform_profile_id is not null;

insert into profile_identities (platform, id_space, platform_profile_id, profile_id)
select platform, id_space, platform_profile_id, min(profile_id) from known_ids group by platform, id_space, platform_profile_id;

update profiles p set twin_of = i.profile_id
from known_ids k join profile_identities i using (platform, id_space, platform_profile_id)
where p.profile_id = k.profile_id and i.profile_id <> k.profile_id;
