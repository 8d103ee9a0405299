import { sql, type Transaction } from 'kysely';
import { fold } from '../../database/fold.ts';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';

/** What search finds a post by. */
export interface PostText {
  postId: number;
  createTime: Date | null;
  caption: string | null;
}

/**
 * Brings what search finds of these posts in line with who holds them now and what their captions say. Called, with their
 * profile locked, by whoever changed either: posts found, captions edited, accounts or videos deleted and revived.
 */
export async function indexCaptions(
  trx: Transaction<Database>,
  profileId: number,
  postIds: readonly number[],
): Promise<void> {
  if (postIds.length === 0) return;
  const { rows } = await sql<{ post_id: number; create_time: Date | null; caption: string | null }>`
    select post_id, create_time, caption from posts
    where profile_id = ${profileId} and post_id = any(${[...postIds]}::bigint[])`.execute(trx);
  const texts = rows.map((row) => ({ postId: row.post_id, createTime: row.create_time, caption: row.caption }));
  await writeCaptions(trx, profileId, texts, postIds);
}

/** The same for posts that have just come into the database: what they say is known, and nothing of them was found so far. */
export async function indexNewCaptions(
  trx: Transaction<Database>,
  profileId: number,
  texts: readonly PostText[],
): Promise<void> {
  if (texts.some(({ caption }) => caption !== null)) await writeCaptions(trx, profileId, texts, []);
}

const types = { post_id: 'bigint', create_time: 'timestamptz', folded: 'text' };

/** `found`: posts that search may find by what is not so any more. */
async function writeCaptions(
  trx: Transaction<Database>,
  profileId: number,
  texts: readonly PostText[],
  found: readonly number[],
): Promise<void> {
  const rows = texts.flatMap(({ postId, createTime, caption }) =>
    caption === null ? [] : [{ post_id: postId, create_time: createTime, folded: fold(caption) }],
  );
  await sql`
    with looking as materialized (
      select organization_id, account_id from accounts where profile_id = ${profileId} and deleted_at is null
    ), told as materialized (
      select * from ${unnest(rows, types)}
    ), held as materialized (
      select v.organization_id, v.account_video_id as item_id, 'account_video' as kind, u.post_id,
        coalesce(v.create_time, u.create_time, '-infinity') as posted_at, u.folded
      from looking cross join told u join account_videos v using (organization_id, account_id, post_id)
      union all
      select v.organization_id, v.video_id, 'video', u.post_id, coalesce(v.create_time, u.create_time, '-infinity'), u.folded
      from told u join videos v on v.profile_id = ${profileId} and v.post_id = u.post_id and v.deleted_at is null
    ), gone as (
      delete from captions c where c.profile_id = ${profileId} and c.post_id = any(${[...found]}::bigint[])
      and not exists (select from held h where h.organization_id = c.organization_id and h.item_id = c.item_id)
    )
    insert into captions as c (organization_id, item_id, kind, profile_id, post_id, posted_at, folded)
    select organization_id, item_id, kind, ${profileId}, post_id, posted_at, folded from held
    on conflict (organization_id, item_id) do update set
      profile_id = excluded.profile_id, post_id = excluded.post_id, posted_at = excluded.posted_at, folded = excluded.folded
    where (c.profile_id, c.post_id, c.posted_at, c.folded)
      is distinct from (excluded.profile_id, excluded.post_id, excluded.posted_at, excluded.folded)`.execute(trx);
}
