import type { FastifySchema } from 'fastify';
import { type ErrorCode, statusOf, titleOf } from '../../../contract/problem.ts';
import { ProblemDocument } from '../../../contract/v2/problem-schema.ts';
import type { Definition } from '../definition.ts';
import type { HeaderName } from './headers.ts';

/** What @fastify/swagger publishes of an operation: its input, its success and every way it can fail. */
export function operationSchema(definition: Definition): FastifySchema {
  const { id, tag, summary, description, params, query, body, scope } = definition;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description ? { description } : {}),
    ...(params ? { params } : {}),
    ...(query ? { querystring: query } : {}),
    ...(body ? { body } : {}),
    ...(definition.idempotent ? { headers: idempotencyHeader } : {}),
    security: scope === 'none' ? [] : [{ HTTPBearer: [] }],
    response: { ...successes(definition), ...failures(definition) },
  };
}

const idempotencyHeader = {
  type: 'object',
  properties: {
    'Idempotency-Key': {
      type: 'string',
      maxLength: 255,
      description: 'Repeats within 24 hours answer what the first request answered',
    },
  },
};

const descriptions: Record<number, string> = { 200: 'OK', 201: 'Created', 204: 'Done; no body', 304: 'Not modified' };

function successes(definition: Definition): Record<number, object> {
  const { success, alsoOk, response, produces } = definition;
  const common = commonHeaders(definition);
  const validators: HeaderName[] = definition.method === 'GET' ? ['ETag', 'Cache-Control'] : [];
  const extra = successHeaders(definition);
  const content = response
    ? { content: { [produces ?? 'application/json']: { schema: response } } }
    : { type: 'null' as const };
  const answers: Record<number, object> = {
    [success]: {
      description: descriptions[success],
      headers: named([...common, ...validators, ...extra]),
      ...content,
    },
  };
  if (alsoOk) answers[alsoOk] = { description: 'Already so', headers: named(common), ...content };
  if (definition.method === 'GET') {
    answers[304] = { description: descriptions[304], headers: named([...common, ...validators]), type: 'null' };
  }
  return answers;
}

function successHeaders(definition: Definition): HeaderName[] {
  const headers: HeaderName[] = [];
  if (definition.success === 201) headers.push('Location');
  if (definition.idempotent) headers.push('Idempotent-Replayed');
  if (definition.query && 'cursor' in definition.query.properties) headers.push('Link');
  return headers;
}

function commonHeaders(definition: Definition): HeaderName[] {
  if (definition.limit === 'exempt') return ['X-Request-ID'];
  return ['X-Request-ID', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];
}

function failures(definition: Definition): Record<number, object> {
  const answers: Record<number, object> = {};
  for (const [status, codes] of failureCodes(definition)) {
    answers[status] = {
      description: `${titleOf(status)}: ${[...codes].join(', ')}`,
      headers: named(failureHeaders(definition, status)),
      content: { 'application/problem+json': { schema: ProblemDocument } },
    };
  }
  return answers;
}

/** Statuses and their codes: what the definition names, and what its key, limit and inputs bring along. */
function failureCodes(definition: Definition): Map<number, Set<ErrorCode>> {
  const statuses = new Map<number, Set<ErrorCode>>();
  const add = (code: ErrorCode, status = statusOf(code)): void => {
    const codes = statuses.get(status) ?? new Set<ErrorCode>();
    statuses.set(status, codes.add(code));
  };
  for (const code of impliedCodes(definition)) add(code);
  for (const code of definition.errors) add(code);
  if (definition.method !== 'GET') add('BAD_REQUEST', 413);
  return new Map([...statuses].sort(([a], [b]) => a - b));
}

function impliedCodes(definition: Definition): ErrorCode[] {
  const codes: ErrorCode[] = ['INTERNAL_ERROR', 'SERVICE_UNAVAILABLE'];
  if (definition.scope !== 'none') codes.push('UNAUTHORIZED', 'FORBIDDEN');
  if (definition.scope === 'write') codes.push('INSUFFICIENT_SCOPE');
  if (definition.limit !== 'exempt') codes.push('RATE_LIMITED');
  if (definition.produces === undefined) codes.push('NOT_ACCEPTABLE');
  if (definition.params) codes.push('NOT_FOUND');
  if (definition.query || definition.body) codes.push('VALIDATION_ERROR');
  if (definition.body) codes.push('BAD_REQUEST');
  if (definition.body || definition.method === 'PUT') codes.push('UNSUPPORTED_MEDIA_TYPE');
  if (definition.idempotent) codes.push('CONFLICT', 'VALIDATION_ERROR');
  return codes;
}

function failureHeaders(definition: Definition, status: number): HeaderName[] {
  const headers = commonHeaders(definition);
  if (status === 401) headers.push('WWW-Authenticate');
  if (status === 429 || status === 503 || (status === 409 && definition.idempotent)) headers.push('Retry-After');
  if (definition.idempotent && (status === 403 || status === 404 || status === 409))
    headers.push('Idempotent-Replayed');
  return headers;
}

// Only the names: the document refers to each definition (see document.ts).
const named = (headers: readonly HeaderName[]): Record<string, object> =>
  Object.fromEntries(headers.map((name) => [name, { type: 'string' }]));
