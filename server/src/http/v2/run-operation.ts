import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastJson from 'fast-json-stringify';
import type { TObject, TProperties } from 'typebox';
import type { Context } from '../../services/context.ts';
import type { Session } from '../../services/keys/open-sessions.ts';
import type { Answer } from '../answer-cache.ts';
import { baseUrlOf } from '../base-url.ts';
import { etagOf } from '../etag.ts';
import { pathOf } from '../problems.ts';
import { inputChecker } from '../validation/input.ts';
import { pageLinks, sendAnswer } from './answer.ts';
import type { Definition, Handler, Input, Outcome, RawInput } from './definition.ts';
import { answerKey, createGate } from './gate.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { runOnce } from './idempotent.ts';
import type { RouteDeps } from './route-deps.ts';
import { asWritten, type Serialize, sendWritten } from './written.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Definition;
  }
}

type Fields = TObject<TProperties>;
type AnyHandler = Handler<Fields, Fields, Fields>;

const json = 'application/json';

export function runOperation(app: FastifyInstance, deps: RouteDeps, definition: Definition, handler: AnyHandler): void {
  const check = inputChecker(definition);
  const serialize = serializer(definition, deps.inspectAnswer);
  deps.routes.add(definition.method, `/v2${definition.path}`);
  app.route({
    method: definition.method,
    url: definition.path,
    config: { operation: definition },
    onRequest: createGate(deps, definition),
    handler: async (request, reply) => {
      const { params, query, body, headers } = request;
      const ctx = contextOf(deps, request);
      const raw = check({ params, query, body, headers }, deps.clock.now(), ctx.organizationId);
      const input = inputOf(deps, request, raw);
      if (definition.method === 'GET') {
        return sendGet(deps, request, reply, await handler(ctx, input), definition, serialize);
      }
      const run = async (inner: Context) => asWritten(await handler(inner, input), definition, serialize);
      const key = definition.idempotent ? idempotencyKeyOf(headers) : null;
      return key === null
        ? sendWritten(reply, await run(ctx))
        : sendWritten(reply, await runOnce(ctx, { route: definition.id, key, body }, pathOf(request), run));
    },
  });
}

function sendGet(
  deps: RouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: Outcome,
  definition: Definition,
  serialize: Serialize,
): FastifyReply {
  const body = Buffer.from(serialize(outcome.body));
  const contentType = definition.produces ?? json;
  const answer: Answer = {
    body,
    contentType,
    etag: etagOf(body, contentType),
    links: outcome.nextCursor === undefined ? null : pageLinks(request.url, outcome.nextCursor),
  };
  if (outcome.headers) reply.headers(outcome.headers);
  const { session, answerState: state } = request;
  if (session !== null && state !== null) deps.answers.set(answerKey(session, state, request.url), answer);
  return sendAnswer(deps, request, reply, answer);
}

function serializer({ response, produces }: Definition, inspect: RouteDeps['inspectAnswer']): Serialize {
  if (response === undefined || produces !== undefined) return String;
  const serialize = fastJson(response) as Serialize;
  if (inspect === undefined) return serialize;
  return (body) => {
    inspect(response, body);
    return serialize(body);
  };
}

function contextOf(deps: RouteDeps, request: FastifyRequest): Context {
  const { db, clock, logger } = deps;
  const { session } = request;
  const retentionDays = deps.config.deletedRetentionDays;
  const identity = identityOf(session);
  const share =
    request.answerState === null ? undefined : deps.shareWithin?.(identity.organizationId, request.answerState);
  return { ...identity, db, clock, logger, requestId: request.id, retentionDays, share };
}

// Without a key: an actor that may do nothing, in no organization.
const anonymous: Context['actor'] = { type: 'api_key', id: '', name: '', scopes: [] };

function identityOf(session: Session | null): Pick<Context, 'actor' | 'organizationId'> {
  if (session === null) return { actor: anonymous, organizationId: '' };
  const { apiKeyId: id, apiKeyName: name, scopes, organizationId } = session;
  return { actor: { type: 'api_key', id, name, scopes }, organizationId };
}

function inputOf(deps: RouteDeps, request: FastifyRequest, raw: RawInput): Input<Fields, Fields, Fields> {
  return { ...raw, session: request.session, baseUrl: baseUrlOf(deps.config, request) };
}
