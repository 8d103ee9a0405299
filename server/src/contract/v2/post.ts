import { Type } from 'typebox';
import { Count, DateTime, Metadata, nullable, oneOf, SoughtText, Uuid } from './conventions.ts';

/** What posts of both kinds have in common. Contract §4.2 and §4.3. */

const Text = nullable(Type.String());
const Counter = nullable(Count);
const copyNote = 'Our copy; the same as the original while Tallyline keeps no copies of media';

export const MediaType = oneOf(['video', 'image', 'carousel']);
export const Caption = SoughtText(
  'Part of the caption: up to 128 characters without the blanks around them. Blank: no filter',
);

/** The members from `external_id` on; those of one kind that say more replace theirs, in place. */
export const postMembers = {
  external_id: Type.String({ description: "The platform's id of the post, numeric text" }),
  shortcode: nullable(Type.String({ description: "Instagram's; null on TikTok" })),
  is_active: Type.Boolean(),
  scrape_interval_hours: Type.Integer(),
  metadata: nullable(Metadata),
  added_at: DateTime,
  updated_at: DateTime,
  first_scrape_time: nullable(DateTime),
  last_scrape_time: nullable(DateTime),
  create_time: nullable(DateTime),
  description: Text,
  media_type: nullable(MediaType),
  duration: nullable(Type.Number({ description: 'Seconds' })),
  is_unavailable: Type.Boolean(),
  cover_image_url: nullable(Type.String({ description: copyNote })),
  cover_image_url_original: Text,
  video_url: nullable(Type.String({ description: copyNote })),
  video_url_original: Text,
  view_count: Counter,
  like_count: Counter,
  comment_count: Counter,
  share_count: Counter,
  play_count: Counter,
  saved_count: Counter,
  total_views: nullable(
    Type.Integer({ description: 'view_count plus Facebook plays, where known and not in it already' }),
  ),
  total_plays: nullable(
    Type.Integer({ description: 'play_count plus Facebook plays, where known and not in it already' }),
  ),
  account_id: nullable(Uuid),
  account_username: Text,
  platform_account_id: Text,
  platform_data: Type.Object({
    fb_play_count: Type.Optional(Counter),
    ig_play_count: Type.Optional(Counter),
    fb_like_count: Type.Optional(Counter),
  }),
  source: nullable(Type.String({ description: 'Where the latest reading came from; sandbox = simulated' })),
};
