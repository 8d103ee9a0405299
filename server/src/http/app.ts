import type { Server } from 'node:http';
import fastify, { type FastifyBaseLogger, type FastifyHttpOptions, type FastifyInstance, LogController } from 'fastify';
import { createSessionOpener } from '../services/keys/open-sessions.ts';
import { createAddressLimit } from './address-limit.ts';
import { createAnswerCache } from './answer-cache.ts';
import { bodyLimitBytes, registerBodyParser } from './body.ts';
import { answerClientError } from './client-error.ts';
import type { AppDeps } from './deps.ts';
import { refuseUnrouted, registerOtherMethods } from './not-found.ts';
import { parseQueryString } from './query-string.ts';
import { sendProblem, toProblem } from './problems.ts';
import { refuseProtocol, takeUnknownExpectations } from './protocol.ts';
import { requestIdOf } from './request-id.ts';
import { originForm } from './request-target.ts';
import { createRouteTable } from './route-table.ts';
import { registerOpenapi } from './v2/openapi/document.ts';
import { createSharedWork } from './shared-work.ts';
import type { RouteDeps } from './v2/route-deps.ts';
import { v2Routes } from './v2/routes.ts';

/** The HTTP server of Tallyline, not yet listening. It owns no database connection: closing it leaves `deps.db` open. */
export const buildApp = async (deps: AppDeps): Promise<FastifyInstance> => buildAppWith(deps, v2Routes);

/** The same conventions around other operations: tests of the conventions bring their own. */
export async function buildAppWith(deps: AppDeps, routes: typeof v2Routes): Promise<FastifyInstance> {
  const routeDeps: RouteDeps = {
    ...deps,
    openSession: createSessionOpener(deps),
    addressLimit: createAddressLimit(deps.config.addressRateLimit, deps.clock),
    answers: createAnswerCache(deps.config.answerCacheMb * 1024 * 1024),
    shareWithin: deps.config.answerCacheMb === 0 ? null : createSharedWork(),
    routes: createRouteTable(),
  };
  const app = fastify(serverOptions(routeDeps));
  takeUnknownExpectations(app);
  app.decorateRequest('session', null);
  app.decorateRequest('answerState', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    refuseProtocol(request);
    // Before the body is read: the route is the first check (§2.3).
    if (request.is404) await refuseUnrouted(routeDeps, request, reply);
  });
  app.setErrorHandler((error, request, reply) =>
    sendProblem(request, reply, toProblem(error, deps.logger, request.id)),
  );
  registerBodyParser(app);
  await registerOpenapi(app);
  await app.register(async (v2) => routes(v2, routeDeps), { prefix: '/v2' });
  registerOtherMethods(app, routeDeps);
  await app.ready();
  return app;
}

// None of the time limits is a default of Fastify. `requestTimeout` is the time a client may take to send its request.
function serverOptions(deps: RouteDeps): FastifyHttpOptions<Server, FastifyBaseLogger> {
  return {
    loggerInstance: deps.logger,
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request) => requestIdOf(request.headers),
    requestIdHeader: false,
    rewriteUrl: ({ url }) => originForm(url ?? '/'),
    trustProxy: deps.config.trustedProxies.length > 0 ? deps.config.trustedProxies : false,
    bodyLimit: bodyLimitBytes,
    routerOptions: { querystringParser: parseQueryString },
    connectionTimeout: 60_000,
    requestTimeout: 30_000,
    handlerTimeout: 20_000,
    keepAliveTimeout: 72_000,
    http: { headersTimeout: 15_000, requireHostHeader: false },
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    // A path that cannot be decoded reaches no hook and no handler.
    frameworkErrors: (_error, request, reply) => {
      reply.header('x-request-id', request.id);
      refuseUnrouted(deps, request, reply).catch((error: unknown) =>
        sendProblem(request, reply, toProblem(error, deps.logger, request.id)),
      );
    },
  };
}
