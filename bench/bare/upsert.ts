import type pg from 'pg';

// The peer of the record benchmark: the rows that one refresh leaves behind, written by bare multi-row upserts over the same
// tables and indexes in one transaction, with every value given. No reading of state, no arithmetic, no refusals, no claims.

export interface BareRows {
  profileId: number;
  postIds: number[];
  accounts: { organizationId: string; accountId: string; videoIds: string[] }[];
  readAt: Date;
  views: number[];
}

const counters = 'view_count, play_count, like_count, comment_count, share_count';

export async function bareUpsert(pool: pg.Pool, rows: BareRows): Promise<void> {
  const { profileId, postIds, accounts, readAt, views } = rows;
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into profiles (profile_id, platform, username, follower_count, created_at, due_at) values ($1, 'instagram', $2, $3, $4, $4)
       on conflict (profile_id) do update set follower_count = excluded.follower_count, due_at = excluded.due_at`,
      [profileId, `bare_${profileId}`, views[0], readAt],
    );
    await client.query(
      `insert into profile_readings (profile_id, read_at, confirmed_at, follower_count, precision, source)
       values ($1, $2, $2, $3, 'exact', 'bench') on conflict (profile_id, read_at) do update set follower_count = excluded.follower_count`,
      [profileId, readAt, views[0]],
    );
    await client.query(
      `insert into posts (profile_id, post_id, external_id, ${counters}, read_at, confirmed_at, first_seen_at, updated_at)
       select $1, p, p::text, v, v, v, v, v, $4, $4, $4, $4 from unnest($2::bigint[], $3::bigint[]) u(p, v)
       on conflict (profile_id, post_id) do update set view_count = excluded.view_count, play_count = excluded.play_count,
         like_count = excluded.like_count, comment_count = excluded.comment_count, share_count = excluded.share_count,
         read_at = excluded.read_at, confirmed_at = excluded.confirmed_at, updated_at = excluded.updated_at`,
      [profileId, postIds, views, readAt],
    );
    await client.query(
      `insert into post_readings (profile_id, post_id, read_at, confirmed_at, ${counters}, precision, source)
       select $1, p, $4, $4, v, v, v, v, v, 'exact', 'bench' from unnest($2::bigint[], $3::bigint[]) u(p, v)
       on conflict (profile_id, post_id, read_at) do update set view_count = excluded.view_count`,
      [profileId, postIds, views, readAt],
    );
    await client.query(
      `insert into account_videos (organization_id, account_video_id, account_id, profile_id, post_id, external_id, platform, added_at, counts_from_zero, ${counters})
       select o, i, a, $1, p, p::text, 'instagram', $7, false, v, v, v, v, v
       from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[]) u(o, i, a, p, v)
       on conflict (organization_id, account_video_id) do update set view_count = excluded.view_count, play_count = excluded.play_count,
         like_count = excluded.like_count, comment_count = excluded.comment_count, share_count = excluded.share_count`,
      [
        profileId,
        accounts.flatMap((account) => account.videoIds.map(() => account.organizationId)),
        accounts.flatMap((account) => account.videoIds),
        accounts.flatMap((account) => account.videoIds.map(() => account.accountId)),
        accounts.flatMap(() => postIds),
        accounts.flatMap(() => views),
        readAt,
      ],
    );
    const ids = [accounts.map((account) => account.organizationId), accounts.map((account) => account.accountId)];
    await client.query(
      `insert into account_days (organization_id, account_id, day, views, plays, likes, comments, shares, followers)
       select o, a, $3::timestamptz::date, $4, $4, $4, $4, $4, $4 from unnest($1::uuid[], $2::uuid[]) u(o, a)
       on conflict (organization_id, account_id, day) do update set views = excluded.views`,
      [...ids, readAt, views[0]],
    );
    await client.query(
      `update accounts a set last_scrape_time = $3, follower_count = $4, view_count = $4, play_count = $4, like_count = $4
       from unnest($1::uuid[], $2::uuid[]) u(o, i) where a.organization_id = u.o and a.account_id = u.i`,
      [...ids, readAt, views[0]],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
