import { Type } from 'typebox';
import { oneOf, PlatformName, type SortSpec, Uuid } from './conventions.ts';
import { Caption, MediaType, postMembers } from './post.ts';

/** Posts found in the feeds of accounts. Contract §4.3. */

export const AccountVideo = Type.Object(
  {
    id: Uuid,
    type: oneOf(['account_video']),
    platform: PlatformName,
    internal_id: Type.Integer({ description: 'Names the post, in one sequence for both platforms' }),
    ...postMembers,
    is_active: Type.Boolean({ description: "The account's" }),
    scrape_interval_hours: Type.Integer({ description: "The account's" }),
    metadata: Type.Null(),
    account_id: Uuid,
    account_username: Type.String(),
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
  q: Type.Optional(Caption),
  media_type: Type.Optional(MediaType),
  posted_after: Type.Optional(Moment),
  posted_before: Type.Optional(Moment),
};
