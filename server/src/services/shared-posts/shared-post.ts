import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
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

/** Those of the posts that an organization holds at least twice, what was deleted and may come back included; and those that it did so far. */
export async function sharedPosts(db: Kysely<Database>, posts: PostsOfInterest): Promise<SharedPost[]> {
  const { rows } = await selectSharedPosts(posts).execute(db);
  return rows.map((row) => ({
    organizationId: row.organization_id,
    platform: posts.platform,
    externalId: row.external_id,
  }));
}

/**
 * The query of `sharedPosts`. A look-up for each post: over the whole list Postgres may rather read all posts of an
 * organization, as long as it does not know how many these are.
 */
export function selectSharedPosts({
  organizationIds,
  platform,
  externalIds,
}: PostsOfInterest): RawBuilder<{ organization_id: string; external_id: string }> {
  const isPost = sql`organization_id = o.organization_id and external_id = e.external_id and platform = ${platform}`;
  return sql`
    select o.organization_id, e.external_id
    from unnest(${[...organizationIds]}::uuid[]) as o(organization_id)
    cross join unnest(${[...externalIds]}::text[]) as e(external_id)
    where (select count(*) from account_videos where ${isPost})
        + (select count(*) from videos where ${isPost}) > 1
      or exists (select from shared_post_days where ${isPost} offset 0)`;
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

/**
 * The locks of posts that somebody begins to hold, for `lockBooks`; null when nobody does. Held until the transaction ends: of
 * two refreshes that find a new post in two feeds, the second sees what the first wrote.
 */
export function locksOfNewPosts(platform: Platform, externalIds: readonly string[]): RawBuilder<unknown> | null {
  if (externalIds.length === 0) return null;
  return sql`
    select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended(${`tallyline.new_post ${platform} `} || id, 0) as key
      from unnest(${[...externalIds]}::text[]) as id order by key
    ) keys`;
}

export const keyOf = ({ organizationId, platform, externalId }: SharedPost): string =>
  `${organizationId} ${platform} ${externalId}`;
