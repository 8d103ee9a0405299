import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { counterNames } from '../metrics/counters.ts';
import { lastLevels, unreadOfPost, unreadOfProfile } from './rebuild-facts.ts';

export interface Check {
  name: string;
  ok: boolean;
  checked: number;
  /** The first findings, in words. */
  failures: string[];
}

/** What must hold in one statement each: `found` rows are the violations, named in words. */
const statements: { name: string; counted: RawBuilder<unknown>; found: RawBuilder<unknown> }[] = [
  {
    name: 'every organization has its version slots',
    counted: sql`select count(*)::int as checked from organizations`,
    found: sql`
      select 'organization ' || o.organization_id || ' has ' || count(v.slot) || ' of 8' as finding
      from organizations o left join organization_versions v using (organization_id)
      group by o.organization_id having count(v.slot) <> 8`,
  },
  {
    name: 'profiles with an active account are scheduled at its shortest interval, the others are not',
    counted: sql`select count(*)::int as checked from profiles`,
    found: sql`
      select 'profile ' || p.profile_id || ': interval ' || coalesce(p.interval_hours::text, 'none') || ' instead of ' ||
        coalesce(t.interval_hours::text, 'none') || ', due ' || coalesce(p.due_at::text, 'never') as finding
      from profiles p
      left join (
        select profile_id, min(scrape_interval_hours) as interval_hours from accounts
        where is_active and deleted_at is null group by profile_id
      ) t using (profile_id)
      where p.interval_hours is distinct from t.interval_hours
         or (t.interval_hours is null) <> (p.due_at is null)`,
  },
  {
    name: 'every handle leads to the profile that bears it',
    counted: sql`select count(*)::int as checked from profile_handles`,
    found: sql`
      select h.platform || '/' || h.username || ' leads to profile ' || h.profile_id as finding
      from profile_handles h left join profiles p on (p.profile_id, p.platform, p.username) = (h.profile_id, h.platform, h.username)
      where p.profile_id is null`,
  },
  {
    name: 'every platform id belongs to a profile of its platform',
    counted: sql`select count(*)::int as checked from profile_identities`,
    found: sql`
      select i.platform || ' id ' || i.platform_profile_id || ' of ' || i.id_space || ' leads to profile ' || i.profile_id as finding
      from profile_identities i left join profiles p on (p.profile_id, p.platform) = (i.profile_id, i.platform)
      where p.profile_id is null`,
  },
  {
    name: 'no two profiles are the same one',
    counted: sql`select count(*)::int as checked from profiles`,
    found: sql`
      select 'profile ' || profile_id || ' is profile ' || twin_of || ': each has readings of its own' as finding
      from profiles where twin_of is not null
      union all
      select 'profile ' || profile_id || ' has ' || count(*) || ' ids of ' || id_space as finding
      from profile_identities group by profile_id, id_space having count(*) > 1`,
  },
  {
    name: 'every account has its profile',
    counted: sql`select count(*)::int as checked from accounts`,
    found: sql`
      select 'account ' || a.account_id || ' has profile ' || a.profile_id as finding
      from accounts a left join profiles p on (p.profile_id, p.platform) = (a.profile_id, a.platform)
      where p.profile_id is null`,
  },
  {
    name: 'runs of post readings do not overlap',
    counted: sql`select count(*)::int as checked from post_readings`,
    found: sql`
      select 'post ' || post_id || ' of profile ' || profile_id || ' at ' || read_at as finding
      from (
        select profile_id, post_id, read_at, confirmed_at,
          lead(read_at) over (partition by profile_id, post_id order by read_at) as next_read_at from post_readings
      ) r where next_read_at <= confirmed_at`,
  },
  {
    name: 'posts carry the last known counters of their readings',
    counted: sql`select count(*)::int as checked from posts where read_at is not null`,
    found: sql`
      select 'post ' || p.post_id || ' of profile ' || p.profile_id as finding
      from posts p
      where p.read_at is not null and (
        not exists (select from post_readings r where r.profile_id = p.profile_id and r.post_id = p.post_id and r.read_at = p.read_at)
        or (${sql.join(counterNames.map((name) => sql.ref(`p.${name}`)))}) is distinct from (${sql.join(
          counterNames.map(
            (name) => sql`(select r.${sql.id(name)} from post_readings r where r.profile_id = p.profile_id
              and r.post_id = p.post_id and r.${sql.id(name)} is not null order by r.read_at desc limit 1)`,
          ),
        )}))`,
  },
  {
    name: 'runs of profile readings do not overlap',
    counted: sql`select count(*)::int as checked from profile_readings`,
    found: sql`
      select 'profile ' || profile_id || ' at ' || read_at as finding
      from (
        select profile_id, read_at, confirmed_at,
          lead(read_at) over (partition by profile_id order by read_at) as next_read_at from profile_readings
      ) r where next_read_at <= confirmed_at`,
  },
  {
    name: 'profiles carry the last known levels of their readings',
    counted: sql`select count(*)::int as checked from profiles where read_at is not null`,
    found: sql`
      select 'profile ' || p.profile_id as finding from profiles p
      where p.read_at is not null and (
        not exists (select from profile_readings r where r.profile_id = p.profile_id and r.read_at = p.read_at)
        or (p.follower_count, p.following_count, p.post_count) is distinct from (${lastLevels(sql`true`)}))`,
  },
  {
    name: 'posts and profiles remember what their last reading did not give',
    counted: sql`select (select count(*) from posts)::int + (select count(*) from profiles)::int as checked`,
    found: sql`
      select 'post ' || p.post_id || ' of profile ' || p.profile_id || ' says ' || p.unread || ', its reading says ' || (${unreadOfPost}) as finding
      from posts p join post_readings r on (r.profile_id, r.post_id, r.read_at) = (p.profile_id, p.post_id, p.read_at)
      where p.unread <> ${unreadOfPost}
      union all
      select 'profile ' || p.profile_id || ' says ' || p.unread || ', its reading says ' || (${unreadOfProfile}) as finding
      from profiles p join profile_readings r on (r.profile_id, r.read_at) = (p.profile_id, p.read_at)
      where p.unread <> ${unreadOfProfile}`,
  },
  {
    name: 'no profile waits longer than its interval',
    counted: sql`select count(*)::int as checked from profiles where due_at is not null`,
    found: sql`
      select 'profile ' || profile_id || ' is due ' || due_at as finding from profiles
      where due_at > greatest(last_attempt_at, confirmed_at, created_at, run_break_at) + make_interval(hours => greatest(interval_hours, 24) + 1)`,
  },
  {
    name: 'posts with an active video are scheduled at its shortest interval, the others are not',
    counted: sql`select count(*)::int as checked from tracked_posts`,
    found: sql`
      select 'post ' || t.platform || '/' || t.external_id || ': interval ' || coalesce(t.interval_hours::text, 'none') ||
        ' instead of ' || coalesce(v.interval_hours::text, 'none') || ', due ' || coalesce(t.due_at::text, 'never') as finding
      from tracked_posts t
      left join (
        select platform, external_id, min(scrape_interval_hours) as interval_hours from videos
        where is_active and deleted_at is null group by platform, external_id
      ) v using (platform, external_id)
      where t.interval_hours is distinct from v.interval_hours
         or (v.interval_hours is null) <> (t.due_at is null)`,
  },
  {
    name: 'no post waits longer than its interval',
    counted: sql`select count(*)::int as checked from tracked_posts where due_at is not null`,
    found: sql`
      select 'post ' || platform || '/' || external_id || ' is due ' || due_at as finding from tracked_posts
      where due_at > now() + make_interval(hours => greatest(interval_hours, 24) + 1)`,
  },
  {
    name: 'every video has its tracked post, and is the same post',
    counted: sql`select count(*)::int as checked from videos`,
    found: sql`
      select 'video ' || v.video_id || ' of post ' || v.platform || '/' || v.external_id as finding
      from videos v
      left join tracked_posts t using (platform, external_id)
      left join posts p on p.profile_id = v.profile_id and p.post_id = v.post_id
      where t.platform is null or (v.post_id is not null and (
        (v.profile_id, v.post_id) is distinct from (t.profile_id, t.post_id) or p.external_id is distinct from v.external_id))`,
  },
  {
    name: 'whoever holds a post knows when it was posted, and of which kind it is',
    counted: sql`select (select count(*) from account_videos)::int + (select count(*) from videos)::int as checked`,
    found: sql`
      select 'post ' || v.account_video_id || ' of account ' || v.account_id || ' differs from post ' || p.post_id as finding
      from account_videos v join posts p using (profile_id, post_id)
      where (v.create_time, v.media_type) is distinct from (p.create_time, p.media_type)
      union all
      select 'video ' || v.video_id || ' differs from post ' || p.post_id as finding
      from videos v join posts p using (profile_id, post_id)
      where (v.create_time, v.media_type) is distinct from (p.create_time, p.media_type)`,
  },
  {
    name: 'posts count from 0 exactly if they were published after tracking began',
    counted: sql`select count(*)::int as checked from account_videos`,
    found: sql`
      select 'post ' || v.account_video_id || ' of account ' || v.account_id as finding
      from account_videos v join accounts a using (organization_id, account_id)
      where v.counts_from_zero <> coalesce(v.create_time >= a.added_at, false)`,
  },
  {
    name: 'posts are hidden exactly while their account is deleted',
    counted: sql`select count(*)::int as checked from account_videos`,
    found: sql`
      select 'post ' || v.account_video_id || ' of account ' || v.account_id as finding
      from account_videos v join accounts a using (organization_id, account_id)
      where v.is_hidden <> (a.deleted_at is not null)`,
  },
  {
    name: 'search finds the posts that are held, and no other',
    counted: sql`select count(*)::int as checked from captions`,
    found: sql`
      select 'post ' || coalesce(c.item_id, h.item_id) || ': ' ||
        case when c.item_id is null then 'missing' when h.item_id is null then 'no longer held' else 'in the wrong place' end as finding
      from captions c full join (
        select v.organization_id, v.account_video_id as item_id, v.post_id, coalesce(v.create_time, p.create_time) as create_time
        from account_videos v join posts p using (profile_id, post_id) where not v.is_hidden and p.caption is not null
        union all
        select v.organization_id, v.video_id, v.post_id, coalesce(v.create_time, p.create_time)
        from videos v join posts p using (profile_id, post_id) where v.deleted_at is null and p.caption is not null
      ) h using (organization_id, item_id)
      where c.item_id is null or h.item_id is null
        or (c.post_id, c.posted_at) <> (h.post_id, coalesce(h.create_time, '-infinity'))`,
  },
  {
    name: 'day gains belong to accounts',
    counted: sql`select count(*)::int as checked from account_days`,
    found: sql`
      select distinct 'account ' || d.account_id || ' does not exist' as finding
      from account_days d left join accounts a using (organization_id, account_id) where a.account_id is null`,
  },
  {
    name: 'day gains belong to videos',
    counted: sql`select count(*)::int as checked from video_days`,
    found: sql`
      select distinct 'video ' || d.video_id || ' does not exist' as finding
      from video_days d left join videos v using (organization_id, video_id) where v.video_id is null`,
  },
  {
    name: 'partitions for the next month exist',
    counted: sql`select 4 as checked`,
    found: sql`
      select t.name || ' has no partition for next month' as finding
      from (values ('profile_readings'), ('post_readings'), ('account_days'), ('video_days')) as t(name)
      where to_regclass(t.name || '_' || to_char(now() at time zone 'UTC' + interval '1 month', 'YYYY_MM')) is null`,
  },
];

/** The checks of structure, each over the whole database. */
export async function structureChecks(db: Kysely<Database>): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { name, counted, found } of statements) {
    const count = await sql<{ checked: number }>`${counted}`.execute(db);
    const { rows } = await sql<{ finding: string }>`${found} limit 20`.execute(db);
    const failures = rows.map((row) => row.finding);
    checks.push({ name, ok: failures.length === 0, checked: count.rows[0]?.checked ?? 0, failures });
  }
  return checks;
}
