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
  /** The author's account in this organization. */
  account_id: string | null;
  account_username: string | null;
  platform_profile_id: string | null;
}

export const videoColumns: RawBuilder<unknown> = sql`
  ${sql.raw(columns.map((column) => `v.${column}`).join(', '))}, greatest(v.updated_at, p.updated_at) as updated_at,
  p.caption, p.duration_seconds, p.cover_image_url, p.video_url, r.platform_profile_id,
  a.account_id, coalesce(a.username, r.username, t.author_username) as account_username`;

/** Of two accounts of one profile, the one that was added first stands for it. */
export const videoTables: RawBuilder<unknown> = sql`
  videos v
  left join posts p on p.profile_id = v.profile_id and p.post_id = v.post_id
  left join profiles r on r.profile_id = v.profile_id
  left join tracked_posts t on t.platform = v.platform and t.external_id = v.external_id
  left join accounts a on a.organization_id = v.organization_id and a.account_id = (
    select x.account_id from accounts x
    where x.organization_id = v.organization_id and x.profile_id = v.profile_id and x.deleted_at is null
    order by x.added_at, x.account_id limit 1)`;

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
