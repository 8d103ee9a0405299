import { Type } from 'typebox';
import { Count, nullable, oneOf } from './conventions.ts';

/** What an organization gained lately, at a glance. Contract §5.5. */

const Rate = Type.Number({ description: 'Engagement in percent of views; 0 when unknown' });
const Change = nullable(Type.Number());

const OverviewFigures = Type.Object({
  total_views: Type.Integer({ description: 'Views gained in the window' }),
  engagement_rate: Rate,
  active_accounts: Count,
  account_videos: Count,
  tracked_videos: Count,
});

export const Overview = Type.Object(
  {
    type: oneOf(['overview']),
    current: OverviewFigures,
    previous: OverviewFigures,
    changes: Type.Object(
      {
        total_views_pct: Change,
        engagement_rate_pct: Change,
        active_accounts_pct: Change,
        account_videos_pct: Change,
        tracked_videos_pct: Change,
      },
      { description: 'In percent of the previous window; 0 when both are 0, null when only the previous is' },
    ),
    views: Count,
    likes: Count,
    comments: Count,
    shares: Count,
    followers: Type.Integer({ description: "Level at the window's end; 0 when unknown" }),
  },
  { title: 'Overview' },
);

/** Windows that end today. */
export const presetPeriods = ['7d', '30d', '90d'] as const;

export const OverviewQuery = Type.Object({ period: Type.Optional(oneOf(presetPeriods, { default: '7d' })) });
