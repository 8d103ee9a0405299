import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../contract/problem.ts';
import { rateWindowSeconds, type Session } from '../../services/keys/open-sessions.ts';
import { acceptsJson } from '../accept.ts';
import { takeFromAddress } from '../address-bucket.ts';
import type { Answer } from '../answer-cache.ts';
import { sendAnswer } from './answer.ts';
import type { Definition } from './definition.ts';
import type { RouteDeps } from './route-deps.ts';

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null;
    /** Data version and day: what a kept answer depends on beside organization and address; null when it is not kept. */
    answerState: string | null;
  }
}

const keyPattern = /^Bearer +(tga_[0-9a-f]{64})$/i;
const dayMs = 86_400_000;

type Gate = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * The checks of §2.3 that need no body: key, limits, scope, Accept. Then, for a GET, the answer kept under the
 * organization's data version: it passed validation when it was made.
 */
export function createGate(deps: RouteDeps, definition: Definition): Gate {
  if (definition.scope === 'none') return openGate(deps, definition);
  const isKept = definition.method === 'GET' && definition.cache !== false;
  return async (request, reply) => {
    const session = await openSession(deps, request, reply);
    request.session = session;
    checkLimit(deps, reply, session);
    if (definition.scope === 'write' && !session.scopes.includes('write')) {
      throw new Problem('INSUFFICIENT_SCOPE', 'This API key may only read; this operation needs the scope write.');
    }
    if (!acceptsJson(request.headers.accept)) throw notAcceptable();
    if (!isKept) return;
    const day = Math.floor(deps.clock.now().getTime() / dayMs);
    const state = `${session.dataVersion} ${day}`;
    const answer: Answer | undefined = deps.answers.get(answerKey(session, state, request.url));
    if (answer !== undefined) return sendAnswer(deps, request, reply, answer);
    request.answerState = state;
  };
}

/** Under which an answer is kept. */
export const answerKey = ({ organizationId }: Session, state: string, url: string): string =>
  `${organizationId} ${state} ${url}`;

function openGate(deps: RouteDeps, definition: Definition): Gate {
  return async (request, reply) => {
    if (definition.limit !== 'exempt') await countKeyless(deps, request, reply);
    if (definition.produces === undefined && !acceptsJson(request.headers.accept)) throw notAcceptable();
  };
}

/** Counts a request that needs no key: in the window of a valid key where it brings one, else against its address (§2.9). */
async function countKeyless(deps: RouteDeps, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const session = await validSession(deps, request);
  if (session !== null) checkLimit(deps, reply, session);
  else await takeFromAddress(deps.addressLimit, request, reply);
}

/** The same of a request that no operation answers: that it is refused comes before the key's limit (§2.3), and counts in it. */
export async function countUnrouted(deps: RouteDeps, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const session = await validSession(deps, request);
  if (session !== null) showLimit(deps, reply, session);
  else await takeFromAddress(deps.addressLimit, request, reply);
}

// Without a database no key is known to be valid; what needs none is answered all the same.
async function validSession(deps: RouteDeps, request: FastifyRequest): Promise<Session | null> {
  const session = await findSession(deps, request).catch(() => null);
  return session !== null && isEnabled(session) ? session : null;
}

const notAcceptable = (): Problem =>
  new Problem('NOT_ACCEPTABLE', 'The answer is application/json, which the Accept header refuses.');

async function openSession(deps: RouteDeps, request: FastifyRequest, reply: FastifyReply): Promise<Session> {
  const session = await findSession(deps, request);
  if (session !== null && isEnabled(session)) return session;
  await takeFromAddress(deps.addressLimit, request, reply);
  if (session === null) {
    throw new Problem('UNAUTHORIZED', 'A valid API key is needed: Authorization: Bearer <key>.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  throw new Problem(
    'FORBIDDEN',
    session.isKeyDisabled ? 'This API key is disabled.' : 'This organization is disabled.',
  );
}

async function findSession(deps: RouteDeps, request: FastifyRequest): Promise<Session | null> {
  const key = keyPattern.exec(request.headers.authorization ?? '')?.[1];
  return key === undefined ? null : deps.openSession(hash('sha256', key));
}

const isEnabled = (session: Session): boolean => !session.isKeyDisabled && !session.isOrganizationDisabled;

/** Answers how many requests are left, below 0 when there were too many. */
function showLimit({ config }: RouteDeps, reply: FastifyReply, session: Session): number {
  const remaining = config.rateLimit - session.requestNumber;
  reply.header('x-ratelimit-limit', config.rateLimit);
  reply.header('x-ratelimit-remaining', remaining > 0 ? remaining : 0);
  reply.header('x-ratelimit-reset', session.windowEndsAtSeconds);
  return remaining;
}

function checkLimit(deps: RouteDeps, reply: FastifyReply, session: Session): void {
  if (showLimit(deps, reply, session) >= 0) return;
  const { config, clock } = deps;
  const waitSeconds = Math.ceil(session.windowEndsAtSeconds - clock.now().getTime() / 1000);
  throw new Problem('RATE_LIMITED', `More than ${config.rateLimit} requests in ${rateWindowSeconds} seconds.`, {
    retryAfterSeconds: Math.max(1, waitSeconds),
  });
}
