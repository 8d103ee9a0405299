import type { FastifyInstance } from 'fastify';
import { createHealthCheck } from '../../../services/health/check-health.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { registerDocs } from './docs/routes.ts';
import { healthDefinition, presentHealth } from './health.ts';
import { metaDefinition, presentMeta } from './meta.ts';
import { openapiDefinition } from './openapi.ts';
import { presentWhoami, whoamiDefinition } from './whoami.ts';

export function systemRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const checkHealth = createHealthCheck(deps);
  const configured = deps.config.sources.map(({ name }) => name);
  operation(app, deps, healthDefinition, async () => presentHealth(await checkHealth(), configured));
  operation(app, deps, metaDefinition, async (_ctx, { baseUrl }) => presentMeta(baseUrl));
  operation(app, deps, whoamiDefinition, async (_ctx, { session }) => presentWhoami(session));
  operation(app, deps, openapiDefinition, async () => ({ body: app.swagger() }));
  registerDocs(app, deps);
}
