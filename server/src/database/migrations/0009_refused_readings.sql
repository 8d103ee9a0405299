-- What was refused is listed, and forgotten some day. By when it was kept, not by when it was read: an import refuses readings that are
-- years old on the day it comes.
alter table refused_readings add column kept_at timestamptz not null default now();
create index refused_readings_by_time on refused_readings (refused_at, refusal_id);
create index refused_readings_by_age on refused_readings (kept_at);
