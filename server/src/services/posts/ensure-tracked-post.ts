import { sql, type Transaction } from 'kysely';
import { RepeatError } from '../../database/retry.ts';
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
 * fact that it is, when that is known. Held until the transaction ends, so called after the profile was locked. Whoever found
 * the post at another profile meanwhile, or before its video's caller knew of it, was first: then everything begins anew.
 */
export async function ensureTrackedPost(
  trx: Transaction<Database>,
  post: PostToTrack,
  known: KnownPost | null,
  now: Date,
): Promise<void> {
  const { rows } = await sql<{ profile_id: number | null; post_id: number | null }>`
    insert into tracked_posts as t (platform, external_id, shortcode, author_username, profile_id, post_id, created_at)
    values (${post.platform}, ${post.externalId}, ${post.shortcode}, ${post.authorUsername},
      ${known?.profileId ?? null}::bigint, ${known?.postId ?? null}::bigint, ${now})
    on conflict (platform, external_id) do update set
      author_username = coalesce(t.author_username, excluded.author_username),
      profile_id = coalesce(t.profile_id, excluded.profile_id), post_id = coalesce(t.post_id, excluded.post_id)
    returning t.profile_id, t.post_id`.execute(trx);
  const [linked] = rows;
  if (linked?.profile_id !== (known?.profileId ?? null) || linked.post_id !== (known?.postId ?? null)) {
    throw new RepeatError('whose post it is has become known meanwhile');
  }
}
