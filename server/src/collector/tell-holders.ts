import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import type { LearnedFacts } from './post-facts.ts';
import { rebuildAccount } from './rebuild.ts';
import { rebuildVideo } from './rebuild-video.ts';

interface Held {
  organization_id: string;
  id: string;
}

/**
 * Writes down what has become known of posts, for everybody who holds them, looking or not. Where a posting time says that a post
 * was published after tracking began, it counts from 0 (contract v2 §3), and its first day is restated. Answers those whose days
 * are. Called once the reading is booked.
 */
export async function tellHolders(
  trx: Transaction<Database>,
  profileId: number,
  learned: readonly LearnedFacts[],
): Promise<{ organizationId: string }[]> {
  if (learned.length === 0) return [];
  const rows = learned.map(({ postId, createTime, mediaType }) => ({
    post_id: postId,
    create_time: createTime,
    media_type: mediaType,
  }));
  await sql`
    update posts p set create_time = u.create_time, media_type = u.media_type
    from ${unnest(rows, { post_id: 'bigint', create_time: 'timestamptz', media_type: 'text' })}
    where p.profile_id = ${profileId} and p.post_id = u.post_id`.execute(trx);
  const postIds = learned.map((post) => post.postId);
  const accounts = await tellAccounts(trx, profileId, postIds);
  for (const { organization_id: organizationId, id } of accounts) {
    await rebuildAccount(trx, { organizationId, accountId: id });
  }
  const videos = await tellVideos(trx, profileId, postIds);
  for (const { organization_id: organizationId, id } of videos) {
    await rebuildVideo(trx, { organizationId, videoId: id });
  }
  return [...accounts, ...videos].map((holder) => ({ organizationId: holder.organization_id }));
}

/** Answers the accounts whose days change, in the order in which everybody locks them. */
async function tellAccounts(
  trx: Transaction<Database>,
  profileId: number,
  postIds: readonly number[],
): Promise<Held[]> {
  const { rows } = await sql<Held>`
    with told as (
      update account_videos v set create_time = p.create_time, media_type = p.media_type
      from posts p, accounts a
      where p.profile_id = ${profileId} and p.post_id = any(${[...postIds]}::bigint[]) and a.profile_id = ${profileId}
        and v.organization_id = a.organization_id and v.account_id = a.account_id and v.post_id = p.post_id
      returning v.organization_id, v.account_id as id,
        v.counts_from_zero <> coalesce(v.create_time >= a.added_at, false) as is_restated
    )
    select distinct organization_id, id from told where is_restated order by organization_id, id`.execute(trx);
  return rows;
}

/** The same for videos. What counts from 0 is decided by the first reading of its own. */
async function tellVideos(trx: Transaction<Database>, profileId: number, postIds: readonly number[]): Promise<Held[]> {
  const { rows } = await sql<Held>`
    with told as (
      update videos v set create_time = p.create_time, media_type = p.media_type
      from posts p
      where p.profile_id = ${profileId} and p.post_id = any(${[...postIds]}::bigint[])
        and v.profile_id = p.profile_id and v.post_id = p.post_id
      returning v.organization_id, v.video_id as id, v.first_scrape_time is not null
        and v.counts_from_zero <> coalesce(v.create_time >= v.added_at, false) as is_restated
    )
    select organization_id, id from told where is_restated order by organization_id, id`.execute(trx);
  return rows;
}
