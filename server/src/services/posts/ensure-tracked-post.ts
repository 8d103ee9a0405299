import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Platform } from '../../sources/source.ts';
import type { KnownPost } from './find-post.ts';

export interface PostToTrack {
  platform: Platform;
  externalId: string;
  shortcode: string | null;
  /** As the post's address names the author. */
  authorUsername: string | null;
}

/**
 * The shared row that says what to ask for and when, made when nobody tracked the post on its own yet, and linked to the
 * fact that it is, when that is known. Held until the transaction ends, so called after the profile was locked.
 */
export async function ensureTrackedPost(
  trx: Transaction<Database>,
  post: PostToTrack,
  known: KnownPost | null,
  now: Date,
): Promise<void> {
  await sql`
    insert into tracked_posts as t (platform, external_id, shortcode, author_username, profile_id, post_id, created_at)
    values (${post.platform}, ${post.externalId}, ${post.shortcode}, ${post.authorUsername},
      ${known?.profileId ?? null}::bigint, ${known?.postId ?? null}::bigint, ${now})
    on conflict (platform, external_id) do update set
      author_username = coalesce(t.author_username, excluded.author_username),
      profile_id = coalesce(t.profile_id, excluded.profile_id), post_id = coalesce(t.post_id, excluded.post_id)`.execute(
    trx,
  );
}
