import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { AnalyticsSnapshot, SeriesMeta, SeriesPoint, WindowQuery } from '../../../contract/v2/analytics.ts';
import { single, withMeta } from '../../../contract/v2/conventions.ts';
import { getOrganizationAnalytics } from '../../../services/analytics/get-organization-analytics.ts';
import { getOrganizationTimeseries } from '../../../services/analytics/get-organization-timeseries.ts';
import { windowProblems } from '../../../services/analytics/parse-window.ts';
import type { RawInput } from '../definition.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { presentSeries, presentSnapshot } from './present.ts';

const common = {
  method: 'GET',
  tag: 'Analytics',
  scope: 'read',
  description: 'Every post counts once, however often it is held: in the feeds of accounts, and tracked on its own.',
  query: WindowQuery,
  validate: ({ query }: RawInput, now: Date) => windowProblems(query, now),
  success: 200,
  errors: [],
} as const;

export function organizationAnalyticsRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      ...common,
      id: 'get_organization_analytics',
      path: '/analytics',
      summary: 'Figures of the organization, compared with the window before',
      response: single(AnalyticsSnapshot),
    },
    async (ctx, { query }) => ({
      body: {
        data: presentSnapshot(
          'organization',
          ctx.organizationId,
          await getOrganizationAnalytics(ctx, { request: query }),
        ),
      },
    }),
  );
  operation(
    app,
    deps,
    {
      ...common,
      id: 'get_organization_timeseries',
      path: '/analytics/timeseries',
      summary: 'Day by day figures of the organization',
      response: withMeta(Type.Array(SeriesPoint), SeriesMeta),
    },
    async (ctx, { query }) => ({ body: presentSeries(await getOrganizationTimeseries(ctx, { request: query })) }),
  );
}
