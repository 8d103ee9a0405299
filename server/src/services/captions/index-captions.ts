import { sql, type Transaction } from 'kysely';
import { fold } from '../../database/fold.ts';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';

interface HeldCaption {
  organization_id: string;
  item_id: string;
  kind: 'account_video' | 'video';
  post_id: number;
  create_time: Date | null;
  caption: string;
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
  const held = await heldCaptions(trx, profileId, postIds);
  await sql`
    delete from captions where profile_id = ${profileId} and post_id = any(${[...postIds]}::bigint[])
    and item_id <> all(${held.map((item) => item.item_id)}::uuid[])`.execute(trx);
  if (held.length > 0) await writeCaptions(trx, profileId, held);
}

async function heldCaptions(
  trx: Transaction<Database>,
  profileId: number,
  postIds: readonly number[],
): Promise<HeldCaption[]> {
  const { rows } = await sql<HeldCaption>`
    with told as (
      select profile_id, post_id, create_time, caption from posts
      where profile_id = ${profileId} and post_id = any(${[...postIds]}::bigint[]) and caption is not null
    )
    select v.organization_id, v.account_video_id as item_id, 'account_video' as kind, v.post_id,
      coalesce(v.create_time, p.create_time) as create_time, p.caption
    from told p
    join accounts a on a.profile_id = p.profile_id and a.deleted_at is null
    join account_videos v on v.organization_id = a.organization_id and v.post_id = p.post_id and v.account_id = a.account_id
    union all
    select v.organization_id, v.video_id, 'video', v.post_id, coalesce(v.create_time, p.create_time), p.caption
    from told p
    join videos v on v.profile_id = p.profile_id and v.post_id = p.post_id and v.deleted_at is null`.execute(trx);
  return rows;
}

const types = {
  organization_id: 'uuid',
  item_id: 'uuid',
  kind: 'text',
  post_id: 'bigint',
  create_time: 'timestamptz',
  folded: 'text',
};

async function writeCaptions(
  trx: Transaction<Database>,
  profileId: number,
  held: readonly HeldCaption[],
): Promise<void> {
  const rows = held.map(({ caption, ...item }) => ({ ...item, folded: fold(caption) }));
  await sql`
    insert into captions as c (organization_id, item_id, kind, profile_id, post_id, posted_at, folded)
    select u.organization_id, u.item_id, u.kind, ${profileId}, u.post_id, coalesce(u.create_time, '-infinity'), u.folded
    from ${unnest(rows, types)}
    on conflict (organization_id, item_id) do update set
      profile_id = excluded.profile_id, post_id = excluded.post_id, posted_at = excluded.posted_at, folded = excluded.folded
    where (c.profile_id, c.post_id, c.posted_at, c.folded)
      is distinct from (excluded.profile_id, excluded.post_id, excluded.posted_at, excluded.folded)`.execute(trx);
}
