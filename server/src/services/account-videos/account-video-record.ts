import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { CounterColumns } from '../../database/columns.ts';
import type { AccountVideosTable, PostsTable } from '../../database/tables.ts';

type Held = Pick<
  Selectable<AccountVideosTable>,
  'account_video_id' | 'account_id' | 'platform' | 'create_time' | 'media_type' | 'added_at' | keyof CounterColumns
>;
type Shared = Pick<
  Selectable<PostsTable>,
  | 'post_id'
  | 'external_id'
  | 'shortcode'
  | 'caption'
  | 'duration_seconds'
  | 'cover_image_url'
  | 'video_url'
  | 'is_removed'
  | 'source'
  | 'updated_at'
>;

/** A post found in an account's feed, with the counters this account has last seen. */
export interface AccountVideoRecord extends Held, Shared {
  /** When this account's latest reading of the post was made. */
  last_scrape_time: Date | null;
  account_username: string;
  is_active: boolean;
  scrape_interval_hours: number;
  platform_profile_id: string | null;
}

export const accountVideoColumns: RawBuilder<unknown> = sql`
  v.account_video_id, v.account_id, v.post_id, v.platform, v.create_time, v.media_type, v.added_at,
  v.view_count, v.play_count, v.like_count, v.comment_count, v.share_count, v.saved_count,
  v.fb_play_count, v.ig_play_count, v.fb_like_count,
  p.external_id, p.shortcode, p.caption, p.duration_seconds, p.cover_image_url, p.video_url, p.is_removed, p.source,
  p.updated_at, least(p.confirmed_at, a.last_scrape_time) as last_scrape_time,
  a.username as account_username, a.is_active, a.scrape_interval_hours, r.platform_profile_id`;

export const accountVideoTables: RawBuilder<unknown> = sql`
  account_videos v
  left join posts p on p.profile_id = v.profile_id and p.post_id = v.post_id
  left join accounts a on a.organization_id = v.organization_id and a.account_id = v.account_id
  left join profiles r on r.profile_id = v.profile_id`;
