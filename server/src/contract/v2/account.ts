import { Type } from 'typebox';
import {
  Count,
  DateTime,
  Metadata,
  nullable,
  oneOf,
  PlatformName,
  type SortSpec,
  SoughtText,
  Uuid,
} from './conventions.ts';
import { NewScrapeInterval, ScrapeInterval } from './schedule.ts';

/** Accounts. Contract §4.1 and §5.1. */

const Text = nullable(Type.String());
const Level = nullable(Count);
const copyNote = 'Our copy; the same as the original while Tallyline keeps no copies of media';

export const Account = Type.Object(
  {
    id: Uuid,
    type: oneOf(['account']),
    platform: PlatformName,
    username: Type.String(),
    name: Text,
    description: Text,
    link_in_bio: Text,
    profile_pic_url: nullable(Type.String({ description: copyNote })),
    profile_pic_url_original: nullable(Type.String({ description: "The platform's" })),
    is_verified: Type.Boolean(),
    is_active: Type.Boolean({ description: 'false = paused' }),
    is_unavailable: Type.Boolean({ description: 'Private, gone or out of reach' }),
    creator_id: nullable(Uuid),
    creator_name: Text,
    category: Text,
    metadata: nullable(Metadata),
    added_at: DateTime,
    first_scrape_time: nullable(DateTime),
    last_scrape_time: nullable(DateTime),
    scrape_interval_hours: Type.Integer(),
    follower_count: Count,
    following_count: Count,
    profile_post_count: Count,
    total_post_count: Count,
    view_count: Count,
    like_count: Count,
    comment_count: Count,
    share_count: Count,
    play_count: Count,
    saved_count: Level,
    fb_play_count: Level,
    ig_play_count: Level,
    fb_like_count: Level,
    max_recent_posts_per_account: Level,
    post_lookback_days: Level,
    effective_max_recent_posts_per_account: Level,
    effective_post_lookback_days: Level,
    source: nullable(Type.String({ description: 'Where the latest reading came from; sandbox = simulated' })),
  },
  { title: 'Account' },
);

const Category = nullable(Type.String({ maxLength: 128 }));

export const NewAccount = Type.Object(
  {
    platform: PlatformName,
    username: Type.String({ minLength: 1, maxLength: 128, description: 'A handle or the URL of a profile' }),
    creator_id: Type.Optional(nullable(Uuid)),
    category: Type.Optional(Category),
    metadata: Type.Optional(nullable(Metadata)),
    scrape_interval_hours: Type.Optional(NewScrapeInterval),
  },
  { title: 'NewAccount' },
);

export const AccountChanges = Type.Object(
  {
    is_active: Type.Optional(
      nullable(
        Type.Boolean({
          description:
            "false = paused. The account's own setting, whatever it was before: one that its creator had paused no longer comes back with it",
        }),
      ),
    ),
    category: Type.Optional(Category),
    metadata: Type.Optional(nullable(Metadata)),
    scrape_interval_hours: Type.Optional(nullable(ScrapeInterval)),
    creator_id: Type.Optional(nullable(Uuid)),
    max_recent_posts_per_account: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 5000 }))),
    post_lookback_days: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 3650 }))),
  },
  { title: 'AccountChanges', additionalProperties: false, minProperties: 1 },
);

export const accountSort = {
  keys: ['added_at', 'username', 'last_scrape_time', 'follower_count', 'view_count', 'like_count', 'play_count'],
  defaultKey: 'added_at',
  defaultDirection: 'desc',
} as const satisfies SortSpec;

export const accountFilters = {
  platform: Type.Optional(PlatformName),
  q: Type.Optional(
    SoughtText('Part of the username: up to 128 characters without the blanks around them. Blank: no filter'),
  ),
  is_active: Type.Optional(Type.Boolean()),
  category: Type.Optional(Type.String({ maxLength: 128 })),
  creator_id: Type.Optional(Uuid),
};
