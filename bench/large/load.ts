import { type Kysely, sql } from 'kysely';
import { ensurePartitions } from '../../server/src/database/partitions.ts';
import type { Database } from '../../server/src/database/tables.ts';
import { settleOrganization } from '../../server/src/services/organization-books/settle-organizations.ts';
import { withoutIndexes } from './indexes.ts';

export const size = {
  creators: 2_000,
  accounts: 10_000,
  postsPerAccount: 100,
  days: 365,
  readingDays: 30,
  videos: 2_000,
};

const dayMs = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

// Words in several scripts: what people search for is common, rare, or not there.
const words =
  "array['summer','recipe','vlog','workout','makeup','travel','unboxing','morning','routine','challenge','dance','funny','review','tutorial'," +
  "'رمضان','وصفة','東京','ラーメン','猫','🔥','✨','istanbul','gözlük','straße','día','niño','café','новости']";

/**
 * Fills the default organization by direct load: figures are plausible and grow as posts do, but account days are not the sums of
 * the readings. Readings of a post change daily while it is young, weekly later; between changes a row covers the days.
 */
export async function loadLarge(pool: Kysely<Database>, organizationId: string, now: Date): Promise<void> {
  await ensurePartitions(pool, dayOf(now.getTime() - (size.days + 31) * dayMs), dayOf(now.getTime()));
  await bulk(pool, (db) => loadHeld(db, organizationId));
  await timed('readings', () => Promise.all([0, 1].map((half) => bulk(pool, (db) => loadReadings(db, half)))));
  await bulk(pool, (db) => loadRest(db, organizationId, now));
}

/** On a connection of its own, whose statements may take minutes. */
function bulk(pool: Kysely<Database>, load: (db: Kysely<Database>) => Promise<void>): Promise<void> {
  return pool.connection().execute(async (db) => {
    await sql`set statement_timeout = 0`.execute(db);
    await sql`set work_mem = '256MB'`.execute(db);
    await sql`set maintenance_work_mem = '512MB'`.execute(db);
    await sql`set synchronous_commit = off`.execute(db);
    await load(db);
    await sql`reset all`.execute(db);
  });
}

async function loadHeld(db: Kysely<Database>, organizationId: string): Promise<void> {
  await withoutIndexes(db, ['posts', 'account_videos', 'accounts', 'creators', 'captions'], async () => {
    await timed('accounts and creators', () => loadPeople(db, organizationId));
    await timed('posts', () => loadPosts(db, organizationId));
  });
}

async function loadRest(db: Kysely<Database>, organizationId: string, now: Date): Promise<void> {
  await timed('days', () => loadDays(db, organizationId));
  await timed('videos', () => loadVideos(db, organizationId));
  await timed('settled days', () => settleOrganization(db, organizationId, now));
  await timed('statistics', async () => {
    for (const table of analyzed) await sql`vacuum analyze ${sql.table(table)}`.execute(db);
  });
  await sql`update organization_versions set version = version + 1 where organization_id = ${organizationId}`.execute(
    db,
  );
}

const analyzed = [
  'profiles',
  'accounts',
  'creators',
  'posts',
  'account_videos',
  'account_days',
  'post_readings',
  'videos',
  'video_days',
];

async function timed(what: string, load: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await load();
  process.stderr.write(`  ${what}: ${Math.round((performance.now() - began) / 1000)} s\n`);
}

const platform = sql`case when i % 2 = 0 then 'instagram' else 'tiktok' end`;
const name = sql`'creator_' || substr(md5(i::text), 1, 6) || '_' || i`;

async function loadPeople(db: Kysely<Database>, organizationId: string): Promise<void> {
  await sql`
    insert into creators (organization_id, creator_id, name, name_folded, created_at)
    select ${organizationId}::uuid, gen_random_uuid(), 'Creator ' || md5(i::text), 'creator ' || md5(i::text), now() from generate_series(1, ${size.creators}::int) i`.execute(
    db,
  );
  await sql`
    insert into profiles (profile_id, platform, username, platform_profile_id, follower_count, created_at, read_at, confirmed_at, source, precision)
    select i, ${platform}, ${name}, (i * 1000003::bigint)::text, i * 37 % 100000, now(), now() - interval '1 day', now(), 'sandbox', 'exact'
    from generate_series(1, ${size.accounts}::int) i`.execute(db);
  await sql`
    insert into accounts (organization_id, account_id, project_id, profile_id, platform, username, creator_id, linked_at, scrape_interval_hours,
      added_at, counted_from, first_scrape_time, last_scrape_time, source, name, description, follower_count, following_count,
      profile_post_count, total_post_count, view_count, play_count, like_count, comment_count, share_count, saved_count)
    select ${organizationId}::uuid, gen_random_uuid(), p.project_id, i, ${platform}, ${name}, c.creator_id, now(), 24,
      date_trunc('second', now()) - make_interval(days => ${size.days}, secs => i), now() - make_interval(days => ${size.days}, secs => i),
      date_trunc('second', now()) - make_interval(days => ${size.days}), date_trunc('second', now()) - make_interval(secs => i % 86400),
      'sandbox', 'Creator ' || i, 'A description of some length, as people write them. ' || i, i * 37 % 100000, 200, 300, ${size.postsPerAccount},
      i * 7919 % 10000000, i * 7919 % 10000000, i * 104729 % 1000000, i % 10000, i % 5000, case when i % 2 = 0 then i % 3000 end
    from generate_series(1, ${size.accounts}::int) i
    join projects p on p.organization_id = ${organizationId} and p.is_default
    join (select creator_id, row_number() over (order by creator_id) as n from creators where organization_id = ${organizationId}) c
      on c.n = i % ${size.creators}::int + 1`.execute(db);
}

/** How many views a post of age a (days) has: heavy-tailed, growing, saturating. */
const viewsAt = (age: string): string =>
  `(power(10, 2 + 4 * ((hashint8(post_id) & 65535) / 65536::float8) ^ 3) * (1 - exp(-(${age})::float8 / 12)))::bigint`;

async function loadPosts(db: Kysely<Database>, organizationId: string): Promise<void> {
  const views = sql.raw(viewsAt('age'));
  const word = (salt: number) => sql.raw(`w[1 + (hashint8(post_id + ${salt}) & 1023) % array_length(w, 1)]`);
  await sql`
    insert into posts (profile_id, post_id, external_id, shortcode, create_time, caption, media_type, duration_seconds, view_kind,
      view_count, play_count, like_count, comment_count, share_count, saved_count, first_seen_at, updated_at, read_at, confirmed_at, source, precision)
    select i, post_id, (7000000000000000000 + post_id)::text, case when i % 2 = 0 then 'C' || to_hex(post_id) end,
      date_trunc('second', now()) - make_interval(secs => age * 86400),
      ${word(1)} || ' ' || ${word(2)} || ' with ' || substr(md5(post_id::text), 1, 8) || ' #' || ${word(3)} || ' part ' || n,
      case when n % 7 = 0 then 'carousel' else 'video' end, n % 60, 'displayed', v, v, v / 20, v / 400, v / 900,
      case when i % 2 = 0 then v / 300 end, now() - make_interval(secs => age * 86400), now(), now() - interval '1 hour', now(), 'sandbox', 'exact'
    from generate_series(1, ${size.accounts}::int) i, generate_series(1, ${size.postsPerAccount}::int) n,
      lateral (select (i - 1) * ${size.postsPerAccount}::bigint + n as post_id, n * 3.6 + (i % 97) / 97.0 as age) p,
      lateral (select ${views} as v, ${sql.raw(words)} as w) x`.execute(db);
  await sql`select setval('internal_ids', (select max(post_id) from posts))`.execute(db);
  await sql`
    insert into account_videos (organization_id, account_video_id, account_id, profile_id, post_id, external_id, platform, create_time, media_type,
      added_at, counts_from_zero, view_count, play_count, like_count, comment_count, share_count, saved_count)
    select a.organization_id, gen_random_uuid(), a.account_id, a.profile_id, p.post_id, p.external_id, a.platform, p.create_time, p.media_type,
      greatest(p.create_time, a.added_at), p.create_time >= a.added_at, p.view_count, p.play_count, p.like_count, p.comment_count,
      p.share_count, p.saved_count
    from accounts a join posts p using (profile_id) where a.organization_id = ${organizationId}`.execute(db);
  // lower() will do for these words; the server folds in TypeScript.
  await sql`
    insert into captions (organization_id, item_id, kind, profile_id, post_id, posted_at, folded)
    select v.organization_id, v.account_video_id, 'account_video', v.profile_id, v.post_id, v.create_time, lower(p.caption)
    from account_videos v join posts p using (profile_id, post_id) where v.organization_id = ${organizationId}`.execute(
    db,
  );
}

/** A run for every change within the last days: daily while young, weekly later; the last one is open. Of half of the profiles. */
async function loadReadings(db: Kysely<Database>, half: number): Promise<void> {
  const views = sql.raw(viewsAt(`extract(epoch from seen_at - create_time) / 86400`));
  await sql`
    insert into post_readings (profile_id, post_id, read_at, confirmed_at, view_count, play_count, like_count, comment_count, share_count, saved_count,
      precision, source)
    select profile_id, post_id, seen_at, least(seen_at + make_interval(days => step - 1), p.confirmed_at), v, v, v / 20, v / 400, v / 900,
      case when profile_id % 2 = 0 then v / 300 end, 'exact', 'sandbox'
    from posts p,
      lateral (select case when create_time > now() - interval '60 days' then 1 else 7 end as step) s,
      lateral generate_series(p.read_at - make_interval(days => ${size.readingDays - 1}), p.read_at, make_interval(days => step)) as r(seen_at),
      lateral (select ${views} as v) x
    where profile_id % 2 = ${half} and (seen_at >= create_time or seen_at = p.read_at)`.execute(db);
  // The open run of a post is the last one that was made.
  await sql`
    update posts p set read_at = r.read_at
    from (select profile_id, post_id, max(read_at) as read_at from post_readings where profile_id % 2 = ${half} group by profile_id, post_id) r
    where r.profile_id = p.profile_id and r.post_id = p.post_id and r.read_at <> p.read_at`.execute(db);
}

async function loadDays(db: Kysely<Database>, organizationId: string): Promise<void> {
  await sql`
    insert into account_days (organization_id, account_id, day, views, plays, likes, comments, shares, saves, followers, followers_before,
      followers_gained)
    select a.organization_id, a.account_id, current_date - d, v, v, v / 20, v / 400, v / 900,
      case when a.platform = 'instagram' then v / 300 end, 50000 - d * 11, case when d < ${size.days - 1} then 50000 - (d + 1) * 11 end,
      case when d < ${size.days - 1} then 11 else 0 end
    from accounts a, generate_series(0, ${size.days - 1}::int) d, lateral (select (a.profile_id * 31 + d * 977) % 5000 as v) x
    where a.organization_id = ${organizationId} order by d desc, a.account_id`.execute(db);
}

/** Posts tracked on their own: a tenth of them are also in a tracked feed. */
async function loadVideos(db: Kysely<Database>, organizationId: string): Promise<void> {
  await sql`
    insert into profiles (profile_id, platform, username, platform_profile_id, created_at)
    select ${size.accounts}::int + 1, 'tiktok', 'untracked_author', '99', now()`.execute(db);
  await sql`
    insert into posts (profile_id, external_id, create_time, caption, media_type, view_kind, view_count, play_count, like_count, comment_count,
      share_count, first_seen_at, updated_at, read_at, confirmed_at, source, precision)
    select ${size.accounts}::int + 1, (6000000000000000000 + i)::text, now() - interval '20 days', 'single video ' || i, 'video', 'displayed',
      i * 100, i * 100, i, i, i, now() - interval '20 days', now(), now() - interval '1 hour', now(), 'sandbox', 'exact'
    from generate_series(1, ${size.videos}::int) i`.execute(db);
  await sql`
    insert into videos (organization_id, video_id, project_id, platform, external_id, profile_id, post_id, scrape_interval_hours, added_at, counted_from,
      updated_at, first_scrape_time, last_scrape_time, counts_from_zero, source, create_time, media_type, view_count, play_count, like_count,
      comment_count, share_count)
    select p.organization_id, gen_random_uuid(), p.project_id, r.platform, q.external_id, q.profile_id, q.post_id, 24,
      date_trunc('second', now()) - interval '30 days', now() - interval '30 days', now(), now() - interval '30 days', now(), false, 'sandbox',
      q.create_time, q.media_type, q.view_count, q.play_count, q.like_count, q.comment_count, q.share_count
    from projects p, posts q join profiles r using (profile_id)
    where p.organization_id = ${organizationId} and p.is_default
      and (q.profile_id > ${size.accounts} or q.post_id % ${(size.accounts * size.postsPerAccount) / 200} = 0)`.execute(
    db,
  );
  await sql`
    insert into post_readings (profile_id, post_id, read_at, confirmed_at, view_count, play_count, like_count, comment_count, share_count, precision, source)
    select profile_id, post_id, read_at - make_interval(days => d), read_at - make_interval(days => d), view_count - d, play_count - d, like_count,
      comment_count, share_count, 'exact', 'sandbox'
    from posts, generate_series(0, 19) d where profile_id > ${size.accounts}`.execute(db);
  await sql`
    insert into captions (organization_id, item_id, kind, profile_id, post_id, posted_at, folded)
    select v.organization_id, v.video_id, 'video', v.profile_id, v.post_id, v.create_time, lower(p.caption)
    from videos v join posts p using (profile_id, post_id) where v.organization_id = ${organizationId}`.execute(db);
  await sql`
    insert into video_days (organization_id, video_id, day, views, plays, likes, comments, shares)
    select organization_id, video_id, current_date - d, 100 + d, 100 + d, 5, 1, 1 from videos, generate_series(0, 29) d
    where organization_id = ${organizationId}`.execute(db);
}
