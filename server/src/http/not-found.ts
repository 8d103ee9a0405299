import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Problem } from '../contract/problem.ts';
import { pathOf } from './problems.ts';
import { countUnrouted } from './v2/gate.ts';
import type { RouteDeps } from './v2/route-deps.ts';

const methods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Refuses what no operation answers: 404, or 405 with Allow where the path has other methods. */
export async function refuseUnrouted(deps: RouteDeps, request: FastifyRequest, reply: FastifyReply): Promise<never> {
  await countUnrouted(deps, request, reply);
  const allow = deps.routes.allowedMethods(pathOf(request));
  // A served method gets here when its path cannot be decoded.
  if (allow === null || allow.split(', ').includes(request.method)) {
    throw new Problem('NOT_FOUND', 'There is nothing at this address.');
  }
  throw new Problem('BAD_REQUEST', 'This address does not support the method.', { status: 405, headers: { allow } });
}

/** A path without ids is never an id of another path: PATCH /creators/top is 405, not a creator called top. */
export function registerOtherMethods(app: FastifyInstance, deps: RouteDeps): void {
  const refuse = (request: FastifyRequest, reply: FastifyReply) => refuseUnrouted(deps, request, reply);
  for (const { path, methods: served } of deps.routes.staticPaths()) {
    const others = methods.filter((method) => !served.has(method));
    app.route({ method: others, url: path, onRequest: refuse, handler: refuse });
  }
}
