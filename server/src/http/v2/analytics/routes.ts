import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { AnalyticsSnapshot, SeriesMeta, SeriesPoint, WindowQuery } from '../../../contract/v2/analytics.ts';
import { idParams, single, withMeta } from '../../../contract/v2/conventions.ts';
import type { ErrorCode } from '../../../contract/problem.ts';
import { getAccountAnalytics } from '../../../services/analytics/get-account-analytics.ts';
import { getAccountTimeseries } from '../../../services/analytics/get-account-timeseries.ts';
import { getCreatorAnalytics } from '../../../services/analytics/get-creator-analytics.ts';
import { getCreatorTimeseries } from '../../../services/analytics/get-creator-timeseries.ts';
import { windowProblems } from '../../../services/analytics/parse-window.ts';
import type { RawInput } from '../definition.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { presentSeries, presentSnapshot } from './present.ts';

const errors: ErrorCode[] = ['NOT_FOUND'];
const common = { method: 'GET', tag: 'Analytics', scope: 'read', query: WindowQuery, success: 200, errors } as const;
const snapshot = single(AnalyticsSnapshot);
const series = withMeta(Type.Array(SeriesPoint), SeriesMeta);
const validate = ({ query }: RawInput, now: Date) => windowProblems(query, now);

export function analyticsRoutes(app: FastifyInstance, deps: RouteDeps): void {
  accountRoutes(app, deps);
  creatorRoutes(app, deps);
}

function accountRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const path = '/accounts/:account_id/analytics';
  const scoped = { ...common, params: idParams('account_id'), validate };
  operation(
    app,
    deps,
    {
      ...scoped,
      id: 'get_account_analytics',
      path,
      summary: 'Figures of an account, compared with the window before',
      response: snapshot,
    },
    async (ctx, { params: { account_id: accountId }, query }) => {
      const figures = await getAccountAnalytics(ctx, { accountId, request: query });
      return { body: { data: presentSnapshot('account', accountId, figures) } };
    },
  );
  operation(
    app,
    deps,
    {
      ...scoped,
      id: 'get_account_timeseries',
      path: `${path}/timeseries`,
      summary: 'Day by day figures of an account',
      response: series,
    },
    async (ctx, { params: { account_id: accountId }, query }) => ({
      body: presentSeries(await getAccountTimeseries(ctx, { accountId, request: query })),
    }),
  );
}

function creatorRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const path = '/creators/:creator_id/analytics';
  const scoped = { ...common, params: idParams('creator_id'), validate };
  operation(
    app,
    deps,
    {
      ...scoped,
      id: 'get_creator_analytics',
      path,
      summary: 'Figures of a creator, compared with the window before',
      response: snapshot,
    },
    async (ctx, { params: { creator_id: creatorId }, query }) => {
      const figures = await getCreatorAnalytics(ctx, { creatorId, request: query });
      return { body: { data: presentSnapshot('creator', creatorId, figures) } };
    },
  );
  operation(
    app,
    deps,
    {
      ...scoped,
      id: 'get_creator_timeseries',
      path: `${path}/timeseries`,
      summary: 'Day by day figures of a creator',
      response: series,
    },
    async (ctx, { params: { creator_id: creatorId }, query }) => ({
      body: presentSeries(await getCreatorTimeseries(ctx, { creatorId, request: query })),
    }),
  );
}
