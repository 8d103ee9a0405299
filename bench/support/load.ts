import { type Kysely, sql } from 'kysely';
import { ensurePartitions } from '../../server/src/database/partitions.ts';
import type { Database } from '../../server/src/database/tables.ts';

const dayMs = 86_400_000;

/**
 * Fills an organization by direct load with accounts from `from` to `to`, 50 posts each and 90 days of account rollups. Figures are
 * plausible, not consistent with readings: reads do not look at readings.
 */
export async function loadAccounts(
  db: Kysely<Database>,
  { organizationId, from, to }: { organizationId: string; from: number; to: number },
): Promise<void> {
  const today = new Date();
  await ensurePartitions(
    db,
    new Date(today.getTime() - 120 * dayMs).toISOString().slice(0, 10),
    today.toISOString().slice(0, 10),
  );
  const name = sql`'bench_' || lpad(i::text, 6, '0')`;
  await sql`
    insert into profiles (profile_id, platform, username, follower_count, created_at, due_at)
    select 1000000 + i, case when i % 2 = 0 then 'instagram' else 'tiktok' end, ${name}, i * 37 % 100000, now(), null
    from generate_series(${from}::int, ${to}::int) i`.execute(db);
  await sql`
    insert into accounts (organization_id, account_id, project_id, profile_id, platform, username, scrape_interval_hours, added_at, counted_from,
      first_scrape_time, last_scrape_time, source, name, description, follower_count, following_count, profile_post_count,
      total_post_count, view_count, play_count, like_count, comment_count, share_count)
    select ${organizationId}::uuid, gen_random_uuid(), p.project_id, 1000000 + i,
      case when i % 2 = 0 then 'instagram' else 'tiktok' end, ${name}, 24,
      date_trunc('second', now()) - make_interval(days => 90, secs => i), now() - make_interval(days => 90, secs => i),
      date_trunc('second', now()) - interval '90 days', date_trunc('second', now()) - make_interval(secs => i % 86400),
      'sandbox', 'Creator ' || i, 'A description of some length, as people write them. ' || i, i * 37 % 100000, 200, 300, 50,
      i * 7919 % 10000000, i * 7919 % 10000000, i * 104729 % 1000000, i % 10000, i % 5000
    from generate_series(${from}::int, ${to}::int) i, projects p
    where p.organization_id = ${organizationId} and p.is_default`.execute(db);
  await sql`
    insert into posts (profile_id, external_id, create_time, caption, media_type, view_count, like_count, first_seen_at, updated_at, read_at, confirmed_at)
    select 1000000 + i, (i * 1000 + n)::text, date_trunc('second', now()) - make_interval(hours => n * 40), 'Post ' || n || ' of ' || i, 'video',
      n * 1000, n * 50, now(), now(), now(), now()
    from generate_series(${from}::int, ${to}::int) i, generate_series(1, 50) n`.execute(db);
  await sql`
    insert into account_videos (organization_id, account_video_id, account_id, profile_id, post_id, external_id, platform, create_time, media_type,
      added_at, counts_from_zero, view_count, play_count, like_count, comment_count, share_count)
    select a.organization_id, gen_random_uuid(), a.account_id, a.profile_id, p.post_id, p.external_id, a.platform, p.create_time, p.media_type,
      a.added_at, false, p.view_count, p.view_count, p.like_count, 10, 5
    from accounts a join posts p using (profile_id)
    where a.organization_id = ${organizationId} and a.profile_id between ${1_000_000 + from} and ${1_000_000 + to}`.execute(
    db,
  );
  await sql`
    insert into account_days (organization_id, account_id, day, views, plays, likes, comments, shares, followers)
    select a.organization_id, a.account_id, current_date - d, 1000 + d * 13, 1000 + d * 13, 100 + d, 10, 5, 5000 + d
    from accounts a, generate_series(0, 89) d
    where a.organization_id = ${organizationId} and a.profile_id between ${1_000_000 + from} and ${1_000_000 + to}`.execute(
    db,
  );
  for (const table of ['accounts', 'posts', 'account_videos', 'account_days', 'profiles']) {
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
  }
  await sql`update organization_versions set version = version + 1 where organization_id = ${organizationId}`.execute(
    db,
  );
}
