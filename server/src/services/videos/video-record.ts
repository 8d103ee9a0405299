import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import type { Database, PostsTable } from '../../database/tables.ts';
import type { VideosTable } from '../../database/video-tables.ts';

const columns = [
  'video_id',
  'platform',
  'external_id',
  'shortcode',
  'metadata',
  'is_active',
  'scrape_interval_hours',
  'added_at',
  'first_scrape_time',
  'last_scrape_time',
  'is_unavailable',
  'source',
  'create_time',
  'media_type',
  'view_count',
  'play_count',
  'like_count',
  'comment_count',
  'share_count',
  'saved_count',
  'fb_play_count',
  'ig_play_count',
  'fb_like_count',
] as const satisfies readonly (keyof VideosTable)[];

type Tracked = Pick<Selectable<VideosTable>, (typeof columns)[number]>;
/** All null until the post was found. */
type Shared = Pick<Selectable<PostsTable>, 'caption' | 'duration_seconds' | 'cover_image_url' | 'video_url'>;

/** A post that is tracked on its own, with the counters this video has last seen and what is known of its author. */
export interface VideoRecord extends Tracked, Shared {
  updated_at: Date;
  /** The author's account in this organization, if there is one. */
  account: { id: string; username: string } | null;
  /** As the platform says, or as the post's address did. */
  author_username: string | null;
  platform_profile_id: string | null;
}

// Of two accounts of one profile, the one that was added first stands for it. No join: it is looked up for the rows of a
// page only, and not at all when rows are counted.
const accountOf = (column: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select ${column} from accounts a
  where a.organization_id = v.organization_id and a.profile_id = v.profile_id and a.deleted_at is null
  order by a.added_at, a.account_id limit 1)`;

export const videoAccountId = accountOf(sql`a.account_id`);
export const videoAccountUsername = accountOf(sql`a.username`);

export const videoColumns: RawBuilder<unknown> = sql`
  ${sql.raw(columns.map((column) => `v.${column}`).join(', '))}, greatest(v.updated_at, p.updated_at) as updated_at,
  p.caption, p.duration_seconds, p.cover_image_url, p.video_url, r.platform_profile_id,
  ${accountOf(sql`jsonb_build_object('id', a.account_id, 'username', a.username)`)} as account,
  coalesce(r.username, t.author_username) as author_username`;

export const videoTables: RawBuilder<unknown> = sql`
  videos v
  left join posts p on p.profile_id = v.profile_id and p.post_id = v.post_id
  left join profiles r on r.profile_id = v.profile_id
  left join tracked_posts t on t.platform = v.platform and t.external_id = v.external_id`;

/** The video, or null when the organization has none of this id. */
export async function findVideo(
  db: Kysely<Database>,
  organizationId: string,
  videoId: string,
): Promise<VideoRecord | null> {
  const { rows } = await sql<VideoRecord>`
    select ${videoColumns} from ${videoTables}
    where v.organization_id = ${organizationId} and v.video_id = ${videoId} and v.deleted_at is null`.execute(db);
  return rows[0] ?? null;
}
