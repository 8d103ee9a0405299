-- A post that an organization holds through several profiles is read in several feeds. Its readings are put in order of time, which a
-- run does not tell, so each of them is a row of its own from then on. See docs/adr/0023.
alter table posts add column keeps_every_reading boolean not null default false;

update posts p set keeps_every_reading = true
from (
  select distinct unnest(array_agg(post_id)) as post_id
  from (
    select organization_id, platform, external_id, post_id from account_videos
    union
    select organization_id, platform, external_id, post_id from videos where post_id is not null
  ) held
  group by organization_id, platform, external_id
  having count(distinct post_id) > 1
) shared
where p.post_id = shared.post_id;
