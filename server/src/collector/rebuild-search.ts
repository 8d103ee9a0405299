import { type Kysely, sql } from 'kysely';
import { fold } from '../database/fold.ts';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { indexCaptions } from '../services/captions/index-captions.ts';

/** Makes anew what search looks through and does not belong to one account: names of creators, captions of videos. */
export async function rebuildSearch(db: Kysely<Database>): Promise<void> {
  const creators = await db
    .selectFrom('creators')
    .select(['organization_id', 'creator_id', 'name', 'name_folded'])
    .execute();
  for (const creator of creators.filter(({ name, name_folded: folded }) => fold(name) !== folded)) {
    await db
      .updateTable('creators')
      .set({ name_folded: fold(creator.name) })
      .where('organization_id', '=', creator.organization_id)
      .where('creator_id', '=', creator.creator_id)
      .where('name', '=', creator.name)
      .execute();
  }
  await sql`
    delete from captions c where not exists (
      select from account_videos v where v.organization_id = c.organization_id and v.account_video_id = c.item_id)
    and not exists (
      select from videos v where v.organization_id = c.organization_id and v.video_id = c.item_id)`.execute(db);
  const { rows } = await sql<{ profile_id: number; post_ids: number[] }>`
    select profile_id, array_agg(distinct post_id) as post_ids from videos
    where profile_id is not null and post_id is not null group by profile_id`.execute(db);
  for (const { profile_id: profileId, post_ids: postIds } of rows) {
    await repeatable(db, async (trx) => {
      await sql`select from profiles where profile_id = ${profileId} for no key update`.execute(trx);
      await indexCaptions(trx, profileId, postIds);
    });
  }
}
