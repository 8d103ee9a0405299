import { type TProperties, type TSchema, Type } from 'typebox';
import { Count, Day, nullable, oneOf, Uuid } from './conventions.ts';

/** Snapshots and time series. Contract §2.7 and §4.6. */

const Level = nullable(Count);
const Rate = nullable(Type.Number());
const figureNames = [
  'views',
  'plays',
  'likes',
  'comments',
  'shares',
  'saves',
  'followers',
  'engagement',
  'engagement_rate',
] as const;

const unknownFigures = {
  views: Level,
  plays: Level,
  likes: Level,
  comments: Level,
  shares: Level,
  saves: Level,
  followers: Level,
  engagement: Level,
  engagement_rate: Rate,
};

const eachFigure = (suffix: string, schema: TSchema): TProperties =>
  Object.fromEntries(figureNames.map((name) => [`${name}${suffix}`, schema]));

export const AnalyticsSnapshot = Type.Object(
  {
    type: oneOf(['analytics']),
    scope: oneOf(['account', 'creator', 'video', 'account_video', 'organization']),
    id: Uuid,
    start_date: Day,
    end_date: Day,
    days: Type.Integer(),
    ...unknownFigures,
    views: Count,
    plays: Count,
    likes: Count,
    comments: Count,
    shares: Count,
    engagement: Count,
    previous: Type.Object(unknownFigures, { description: 'The equally long window directly before; null = unknown' }),
    changes: Type.Object(eachFigure('_pct', Rate), { description: 'In percent of the previous window' }),
    daily: Type.Object(eachFigure('', Type.Array(Type.Object({ date: Day, value: Rate })))),
  },
  { title: 'AnalyticsSnapshot' },
);

export const SeriesPoint = Type.Object({ date: Day, ...unknownFigures }, { title: 'SeriesPoint' });

const periods = ['7d', '30d', '90d', 'custom'] as const;

/** The window that was answered. */
export const periodMeta = { period: oneOf(periods), start_date: Day, end_date: Day, days: Type.Integer() };

export const SeriesMeta = Type.Object({ ...periodMeta, first_reading_date: nullable(Day) }, { title: 'SeriesMeta' });

/**
 * The window of an analytics request. Dates are checked by the verb instead of the schema: with a preset they are ignored,
 * whatever they say.
 */
export const WindowQuery = Type.Object({
  period: Type.Optional(oneOf(periods, { description: 'Default 30d, or custom when a date is given' })),
  start_date: Type.Optional(
    Type.String({ description: 'YYYY-MM-DD, included; with custom, up to 365 days before end_date' }),
  ),
  end_date: Type.Optional(Type.String({ description: 'YYYY-MM-DD, included; with custom, not in the future' })),
});

/** The same window in the body of a batch. */
export const windowMembers = {
  period: Type.Optional(nullable(WindowQuery.properties.period)),
  start_date: Type.Optional(nullable(WindowQuery.properties.start_date)),
  end_date: Type.Optional(nullable(WindowQuery.properties.end_date)),
};
