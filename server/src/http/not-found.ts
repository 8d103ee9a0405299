import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Problem } from '../contract/problem.ts';
import { takeFromAddress } from './address-bucket.ts';
import { pathOf } from './problems.ts';
import type { RouteDeps } from './v2/route-deps.ts';

const methods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Unknown routes are 404, known paths under another method 405 with Allow: before any key is looked at (§2.3). */
export function registerNotFound(app: FastifyInstance, deps: RouteDeps): void {
  const refuse = async (request: FastifyRequest, reply: FastifyReply): Promise<never> => {
    await takeFromAddress(deps.addressLimit, request, reply);
    throw missing(deps.routes.allowedMethods(pathOf(request)));
  };
  app.setNotFoundHandler({ preHandler: [] }, refuse);
  // A path without ids is never an id of another path: PATCH /creators/top is 405, not a creator called top.
  for (const { path, methods: served } of deps.routes.staticPaths()) {
    const others = methods.filter((method) => !served.has(method));
    app.route({ method: others, url: path, onRequest: refuse, handler: refuse });
  }
}

function missing(allow: string | null): Problem {
  if (allow === null) return new Problem('NOT_FOUND', 'There is nothing at this address.');
  return new Problem('BAD_REQUEST', 'This address does not support the method.', { status: 405, headers: { allow } });
}
