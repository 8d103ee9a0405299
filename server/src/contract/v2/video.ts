import { Type } from 'typebox';
import { Metadata, nullable, oneOf, PlatformName, type SortSpec, Uuid } from './conventions.ts';
import { Caption, postMembers } from './post.ts';
import { NewScrapeInterval, ScrapeInterval } from './schedule.ts';

/** Posts that are tracked on their own. Contract §4.2 and §5.2. */

export const Video = Type.Object(
  {
    id: Uuid,
    type: oneOf(['video']),
    platform: PlatformName,
    ...postMembers,
    is_active: Type.Boolean({ description: 'false = paused' }),
    account_id: nullable(Type.String({ format: 'uuid', description: "The author's account, if it is tracked" })),
    account_username: nullable(Type.String({ description: 'The author; null until known' })),
  },
  { title: 'Video' },
);

export const NewVideo = Type.Object(
  {
    platform: PlatformName,
    identifier: Type.String({
      minLength: 1,
      maxLength: 512,
      description: "The post's full URL, Instagram shortcode or id. Links that redirect are refused.",
      examples: ['https://www.tiktok.com/@oak_rye/video/7463250352177401114'],
    }),
    metadata: Type.Optional(nullable(Metadata)),
    is_active: Type.Optional(Type.Boolean({ default: true, description: 'false = nothing is fetched until resumed' })),
    scrape_interval_hours: Type.Optional(NewScrapeInterval),
  },
  { title: 'NewVideo' },
);

export const VideoChanges = Type.Object(
  {
    is_active: Type.Optional(nullable(Type.Boolean())),
    scrape_interval_hours: Type.Optional(nullable(ScrapeInterval)),
    metadata: Type.Optional(nullable(Metadata)),
  },
  { title: 'VideoChanges', additionalProperties: false, minProperties: 1 },
);

export const videoSort = {
  keys: ['added_at', 'create_time', 'view_count', 'like_count', 'play_count'],
  defaultKey: 'added_at',
  defaultDirection: 'desc',
} as const satisfies SortSpec;

export const videoFilters = {
  account_id: Type.Optional(Uuid),
  platform: Type.Optional(PlatformName),
  is_active: Type.Optional(Type.Boolean()),
  q: Type.Optional(Caption),
};
