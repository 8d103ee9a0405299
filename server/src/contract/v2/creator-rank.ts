import { Type } from 'typebox';
import { Count, Day, nullable, oneOf, Uuid } from './conventions.ts';
import { AccountsSummary } from './creator.ts';
import { presetPeriods } from './overview.ts';

/** Creators by what they gained. Contract §5.3, list_top_creators. */

const metrics = ['views', 'likes', 'engagement', 'followers_gained', 'engagement_rate'] as const;
const maximumRanks = 25;

export const CreatorRank = Type.Object(
  {
    type: oneOf(['creator_rank']),
    rank: Type.Integer({ description: '1, 2, 3 without gaps' }),
    id: Uuid,
    name: Type.String(),
    views: Count,
    plays: Count,
    likes: Count,
    comments: Count,
    shares: Count,
    engagement: Count,
    engagement_rate: nullable(Type.Number()),
    followers: nullable(Type.Integer({ description: "Level at the window's end" })),
    followers_gained: Count,
    accounts_summary: AccountsSummary,
  },
  { title: 'CreatorRank' },
);

export const CreatorRankMeta = Type.Object(
  {
    period: oneOf(presetPeriods),
    start_date: Day,
    end_date: Day,
    days: Type.Integer(),
    metric: oneOf(metrics),
    limit: Type.Integer(),
  },
  { title: 'CreatorRankMeta' },
);

export const CreatorRankQuery = Type.Object({
  period: Type.Optional(oneOf(presetPeriods, { default: '30d' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maximumRanks, default: 10 })),
  metric: Type.Optional(oneOf(metrics, { default: 'views' })),
});
