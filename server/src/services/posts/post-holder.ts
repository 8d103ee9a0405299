import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { CounterColumns } from '../../database/columns.ts';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import { type Counters, counterNames } from '../../metrics/counters.ts';
import type { Platform } from '../../sources/source.ts';
import { countersOfRow } from './counters-of-row.ts';

/** Found in an account's feed, or tracked on its own. */
export type PostKind = 'account_video' | 'video';

/** A post as one account or one video holds it, and which of the post's readings are its own. */
export interface PostHolder {
  id: string;
  platform: Platform;
  /** Null while a video was not found yet: then it has no readings. */
  profileId: number | null;
  postId: number | null;
  countsFromZero: boolean;
  /** The last known counters that it has seen. */
  known: Counters;
  /** Readings before are not its own. */
  countedFrom: Date;
  /** Nor are those inside: a tstzmultirange as text. */
  pauses: string;
  /** When the latest run of the post's readings began, whoever they belong to. */
  lastRunAt: Date | null;
}

/** With the organization that holds it and the platform's name of the post. */
export interface HeldPost extends PostHolder {
  organizationId: string;
  externalId: string;
}

interface HolderRow extends CounterColumns {
  id: string;
  organization_id: string;
  external_id: string;
  platform: Platform;
  profile_id: number | null;
  post_id: number | null;
  counts_from_zero: boolean;
  counted_from: Date;
  pauses: string;
  last_run_at: Date | null;
}

const held = sql.raw(
  `v.organization_id, v.external_id, v.platform, v.profile_id, v.post_id, v.counts_from_zero, ${counterNames.map((name) => `v.${name}`).join(', ')}`,
);
const pausesOf = (table: string, match: string): string => `
  coalesce((select range_agg(tstzrange(z.started_at, z.ended_at)) from ${table} z
    where z.organization_id = v.organization_id and ${match}), '{}')::text as pauses, p.read_at as last_run_at`;
const sharedPost = sql`left join posts p on p.profile_id = v.profile_id and p.post_id = v.post_id`;

const accountVideos = sql`
  select v.account_video_id as id, ${held}, v.added_at as counted_from,
    ${sql.raw(pausesOf('account_pauses', 'z.account_id = v.account_id'))}
  from account_videos v ${sharedPost}`;
const videos = sql`
  select v.video_id as id, ${held}, v.counted_from, ${sql.raw(pausesOf('video_pauses', 'z.video_id = v.video_id'))}
  from videos v ${sharedPost}`;

/** Those of the ids that the organization holds as one of these kinds, deleted ones left out. */
export async function postHolders(
  db: Kysely<Database>,
  organizationId: string,
  kinds: readonly PostKind[],
  ids: readonly string[],
): Promise<PostHolder[]> {
  const selects = {
    account_video: sql`${accountVideos}
      where v.organization_id = ${organizationId} and not v.is_hidden and v.account_video_id = any(${ids}::uuid[])`,
    video: sql`${videos}
      where v.organization_id = ${organizationId} and v.deleted_at is null and v.video_id = any(${ids}::uuid[])`,
  };
  return read(
    db,
    sql.join(
      kinds.map((kind) => selects[kind]),
      sql` union all `,
    ),
  );
}

/** The account videos with these internal ids. A post of two accounts of one profile is two of them (docs/adr/0022). */
export async function accountVideosByInternalId(
  db: Kysely<Database>,
  organizationId: string,
  internalIds: readonly number[],
): Promise<PostHolder[]> {
  return read(
    db,
    sql`${accountVideos}
      where v.organization_id = ${organizationId} and not v.is_hidden and v.post_id = any(${internalIds}::bigint[])`,
  );
}

/** Everybody who holds one of these platform posts, deleted ones left out. Of videos only those that were found. */
export async function holdersOfPosts(
  db: Kysely<Database>,
  posts: readonly Pick<HeldPost, 'organizationId' | 'platform' | 'externalId'>[],
): Promise<HeldPost[]> {
  const rows = posts.map((post) => ({
    organization: post.organizationId,
    on_platform: post.platform,
    named: post.externalId,
  }));
  const asked = unnest(rows, { organization: 'uuid', on_platform: 'text', named: 'text' });
  const isAsked = sql`v.organization_id = u.organization and v.external_id = u.named and v.platform = u.on_platform`;
  return read(
    db,
    sql`select held.* from ${asked} cross join lateral (
      ${accountVideos} where ${isAsked} and not v.is_hidden
      union all
      ${videos} where ${isAsked} and v.deleted_at is null and v.post_id is not null) held`,
  );
}

async function read(db: Kysely<Database>, query: RawBuilder<unknown>): Promise<HeldPost[]> {
  const { rows } = await sql<HolderRow>`${query}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    organizationId: row.organization_id,
    externalId: row.external_id,
    platform: row.platform,
    profileId: row.profile_id,
    postId: row.post_id,
    countsFromZero: row.counts_from_zero,
    known: countersOfRow(row),
    countedFrom: row.counted_from,
    pauses: row.pauses,
    lastRunAt: row.last_run_at,
  }));
}
