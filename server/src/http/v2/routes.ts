import type { FastifyInstance } from 'fastify';
import { accountVideoRoutes } from './account-videos/routes.ts';
import { accountRoutes } from './accounts/routes.ts';
import { batchRoutes } from './analytics/batch-routes.ts';
import { analyticsRoutes } from './analytics/routes.ts';
import { organizationAnalyticsRoutes } from './analytics/organization-routes.ts';
import { creatorRoutes } from './creators/routes.ts';
import { overviewRoutes } from './overview/routes.ts';
import type { RouteDeps } from './route-deps.ts';
import { searchRoutes } from './search/routes.ts';
import { systemRoutes } from './system/routes.ts';
import { videoRoutes } from './videos/routes.ts';

/** Every operation of /v2, one line per group. */
export function v2Routes(app: FastifyInstance, deps: RouteDeps): void {
  accountRoutes(app, deps);
  creatorRoutes(app, deps);
  accountVideoRoutes(app, deps);
  videoRoutes(app, deps);
  organizationAnalyticsRoutes(app, deps);
  analyticsRoutes(app, deps);
  overviewRoutes(app, deps);
  batchRoutes(app, deps);
  searchRoutes(app, deps);
  systemRoutes(app, deps);
}
