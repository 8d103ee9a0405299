import type { FastifyInstance } from 'fastify';
import type { RouteDeps } from './route-deps.ts';
import { systemRoutes } from './system/routes.ts';

/** Every operation of /v2, one line per group. */
export function v2Routes(app: FastifyInstance, deps: RouteDeps): void {
  systemRoutes(app, deps);
}
