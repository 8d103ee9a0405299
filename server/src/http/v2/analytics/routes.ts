import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { AnalyticsSnapshot, SeriesMeta, SeriesPoint, WindowQuery } from '../../../contract/v2/analytics.ts';
import { idParams, single, withMeta } from '../../../contract/v2/conventions.ts';
import type { WindowRequest } from '../../../metrics/windows.ts';
import { getAccountAnalytics } from '../../../services/analytics/get-account-analytics.ts';
import { getAccountTimeseries } from '../../../services/analytics/get-account-timeseries.ts';
import { getCreatorAnalytics } from '../../../services/analytics/get-creator-analytics.ts';
import { getCreatorTimeseries } from '../../../services/analytics/get-creator-timeseries.ts';
import { getPostAnalytics } from '../../../services/analytics/get-post-analytics.ts';
import { getPostTimeseries } from '../../../services/analytics/get-post-timeseries.ts';
import { windowProblems } from '../../../services/analytics/parse-window.ts';
import type { Series, Snapshot } from '../../../services/analytics/snapshot.ts';
import type { Context } from '../../../services/context.ts';
import type { RawInput } from '../definition.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { presentSeries, presentSnapshot } from './present.ts';

/** What has a snapshot and a time series under an id of its own. */
interface Subject {
  scope: 'account' | 'creator' | 'video' | 'account_video';
  path: string;
  name: string;
  snapshot: (ctx: Context, id: string, request: WindowRequest) => Promise<Snapshot>;
  series: (ctx: Context, id: string, request: WindowRequest) => Promise<Series>;
}

const subjects: Subject[] = [
  {
    scope: 'account',
    path: '/accounts/:account_id/analytics',
    name: 'an account',
    snapshot: (ctx, accountId, request) => getAccountAnalytics(ctx, { accountId, request }),
    series: (ctx, accountId, request) => getAccountTimeseries(ctx, { accountId, request }),
  },
  {
    scope: 'creator',
    path: '/creators/:creator_id/analytics',
    name: 'a creator',
    snapshot: (ctx, creatorId, request) => getCreatorAnalytics(ctx, { creatorId, request }),
    series: (ctx, creatorId, request) => getCreatorTimeseries(ctx, { creatorId, request }),
  },
  {
    scope: 'video',
    path: '/videos/:video_id/analytics',
    name: 'a post tracked on its own',
    snapshot: (ctx, id, request) => getPostAnalytics(ctx, { kind: 'video', id, request }),
    series: (ctx, id, request) => getPostTimeseries(ctx, { kind: 'video', id, request }),
  },
  {
    scope: 'account_video',
    path: '/account-videos/:account_video_id/analytics',
    name: 'a post of a tracked account',
    snapshot: (ctx, id, request) => getPostAnalytics(ctx, { kind: 'account_video', id, request }),
    series: (ctx, id, request) => getPostTimeseries(ctx, { kind: 'account_video', id, request }),
  },
];

export function analyticsRoutes(app: FastifyInstance, deps: RouteDeps): void {
  for (const subject of subjects) subjectRoutes(app, deps, subject);
}

function subjectRoutes(app: FastifyInstance, deps: RouteDeps, { scope, path, name, ...verbs }: Subject): void {
  const idName = `${scope}_id` as const;
  const common = {
    method: 'GET',
    tag: 'Analytics',
    scope: 'read',
    params: idParams(idName),
    query: WindowQuery,
    validate: ({ query }: RawInput, now: Date) => windowProblems(query, now),
    success: 200,
    errors: ['NOT_FOUND'],
  } as const;
  const snapshot = {
    ...common,
    id: `get_${scope}_analytics`,
    path,
    summary: `Figures of ${name}, compared with the window before`,
    response: single(AnalyticsSnapshot),
  };
  const series = {
    ...common,
    id: `get_${scope}_timeseries`,
    path: `${path}/timeseries`,
    summary: `Day by day figures of ${name}`,
    response: withMeta(Type.Array(SeriesPoint), SeriesMeta),
  };
  operation(app, deps, snapshot, async (ctx, { params: { [idName]: id }, query }) => ({
    body: { data: presentSnapshot(scope, id, await verbs.snapshot(ctx, id, query)) },
  }));
  operation(app, deps, series, async (ctx, { params: { [idName]: id }, query }) => ({
    body: presentSeries(await verbs.series(ctx, id, query)),
  }));
}
