import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import type { Platform } from '../../sources/source.ts';

/** A platform post that an organization holds more than once. */
export interface SharedPost {
  organizationId: string;
  platform: Platform;
  externalId: string;
}

export interface PostsOfInterest {
  organizationIds: readonly string[];
  platform: Platform;
  externalIds: readonly string[];
}

/** Those of the posts that an organization holds at least twice, what was deleted left out; and those that it did so far. */
export async function sharedPosts(db: Kysely<Database>, posts: PostsOfInterest): Promise<SharedPost[]> {
  const { platform } = posts;
  const isAsked = sql`organization_id = any(${[...posts.organizationIds]}::uuid[])
    and external_id = any(${[...posts.externalIds]}::text[]) and platform = ${platform}`;
  const { rows } = await sql<{ organization_id: string; external_id: string }>`
    select organization_id, external_id from (
      select organization_id, external_id from account_videos where ${isAsked} and not is_hidden
      union all
      select organization_id, external_id from videos where ${isAsked} and deleted_at is null
    ) held
    group by organization_id, external_id having count(*) > 1
    union
    select organization_id, external_id from shared_post_days where ${isAsked}`.execute(db);
  return rows.map((row) => ({ organizationId: row.organization_id, platform, externalId: row.external_id }));
}

/**
 * Held until the transaction ends: two refreshes may read one post, each through another profile. A hundred posts are held by
 * a few dozen locks, since Postgres has room for some thousands in all.
 */
export async function lockSharedPosts(trx: Transaction<Database>, posts: readonly SharedPost[]): Promise<void> {
  if (posts.length === 0) return;
  const rows = posts.map(({ organizationId, externalId }) => ({ organization: organizationId, post: externalId }));
  await sql`
    select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended('tallyline.shared_posts ' || organization, 0) + (hashtext(post) & 31) as key
      from ${unnest(rows, { organization: 'text', post: 'text' })} order by key
    ) keys`.execute(trx);
}

/** Held until the transaction ends: of two refreshes that find a new post in two feeds, the second sees what the first wrote. */
export async function lockNewPosts(
  trx: Transaction<Database>,
  platform: Platform,
  externalIds: readonly string[],
): Promise<void> {
  if (externalIds.length === 0) return;
  await sql`
    select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended(${`tallyline.new_post ${platform} `} || id, 0) as key
      from unnest(${[...externalIds]}::text[]) as id order by key
    ) keys`.execute(trx);
}

export const keyOf = ({ organizationId, platform, externalId }: SharedPost): string =>
  `${organizationId} ${platform} ${externalId}`;
