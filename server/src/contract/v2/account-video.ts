import { Type } from 'typebox';
import { Count, DateTime, nullable, oneOf, PlatformName, type SortSpec, Uuid } from './conventions.ts';

/** Posts found in the feeds of accounts. Contract §4.2 and §4.3. */

const Text = nullable(Type.String());
const Counter = nullable(Count);
const MediaType = oneOf(['video', 'image', 'carousel']);
const copyNote = 'Our copy; the same as the original while Tallyline keeps no copies of media';

export const AccountVideo = Type.Object(
  {
    id: Uuid,
    type: oneOf(['account_video']),
    platform: PlatformName,
    internal_id: Type.Integer({ description: 'One sequence for both platforms' }),
    external_id: Type.String({ description: "The platform's id of the post, numeric text" }),
    shortcode: Text,
    is_active: Type.Boolean({ description: "The account's" }),
    scrape_interval_hours: Type.Integer({ description: "The account's" }),
    metadata: Type.Null(),
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
    total_views: nullable(Type.Integer({ description: 'view_count plus Facebook plays where known' })),
    total_plays: nullable(Type.Integer({ description: 'play_count plus Facebook plays where known' })),
    account_id: Uuid,
    account_username: Type.String(),
    platform_account_id: Text,
    platform_data: Type.Object({
      fb_play_count: Type.Optional(Counter),
      ig_play_count: Type.Optional(Counter),
      fb_like_count: Type.Optional(Counter),
    }),
    source: nullable(Type.String({ description: 'Where the latest reading came from; sandbox = simulated' })),
  },
  { title: 'AccountVideo' },
);

export const accountVideoSort = {
  keys: ['create_time', 'view_count', 'like_count', 'play_count', 'comment_count', 'share_count', 'added_at'],
  defaultKey: 'create_time',
  defaultDirection: 'desc',
} as const satisfies SortSpec;

const Moment = Type.String({ description: 'A date (its first moment in UTC) or a timestamp with a zone' });

export const accountVideoFilters = {
  platform: Type.Optional(PlatformName),
  account_id: Type.Optional(Uuid),
  creator_id: Type.Optional(Uuid),
  q: Type.Optional(Type.String({ maxLength: 128, description: 'Part of the caption' })),
  media_type: Type.Optional(MediaType),
  posted_after: Type.Optional(Moment),
  posted_before: Type.Optional(Moment),
};
