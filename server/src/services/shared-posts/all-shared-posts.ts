import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { SharedPost } from './shared-post.ts';

const postsPerChunk = 200;

export interface SomeSharedPosts extends Pick<SharedPost, 'organizationId' | 'platform'> {
  externalIds: string[];
}

/** The posts of every organization that it holds more than once, or that were corrected since it did, some at a time. */
export async function* allSharedPosts(db: Kysely<Database>): AsyncGenerator<SomeSharedPosts> {
  const organizations = await sql<{ organization_id: string }>`
    select organization_id from organizations order by organization_id`.execute(db);
  for (const { organization_id: organizationId } of organizations.rows) {
    const { rows } = await sql<{ platform: SharedPost['platform']; external_ids: string[] }>`
      select platform, array_agg(external_id order by external_id) as external_ids from (
        select platform, external_id from (
          select platform, external_id from account_videos where organization_id = ${organizationId} and not is_hidden
          union all
          select platform, external_id from videos where organization_id = ${organizationId} and deleted_at is null
        ) held group by platform, external_id having count(*) > 1
        union
        select platform, external_id from shared_post_days where organization_id = ${organizationId}
      ) shared group by platform order by platform`.execute(db);
    for (const { platform, external_ids: all } of rows) {
      for (let i = 0; i < all.length; i += postsPerChunk) {
        yield { organizationId, platform, externalIds: all.slice(i, i + postsPerChunk) };
      }
    }
  }
}
