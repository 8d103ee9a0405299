import type { FastifyInstance } from 'fastify';
import { single } from '../../../contract/v2/conventions.ts';
import { Overview, OverviewQuery } from '../../../contract/v2/overview.ts';
import { getOverview } from '../../../services/overview/get-overview.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';

export function overviewRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'get_overview',
      method: 'GET',
      path: '/overview',
      tag: 'Overview',
      scope: 'read',
      summary: 'The organization at a glance, compared with the window before',
      query: OverviewQuery,
      success: 200,
      response: single(Overview),
      errors: [],
    },
    async (ctx, { query: { period = '7d' } }) => ({
      body: { data: { type: 'overview', ...(await getOverview(ctx, { period })) } },
    }),
  );
}
