import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Problem, titleOf, typeOf, unavailable } from '../contract/problem.ts';
import { errorCode, isDatabaseUnavailable } from '../database/errors.ts';

const defaultRetryAfterSeconds = 5;

/** The RFC 9457 body of a problem. */
export function problemBody(problem: Problem, instance: string, requestId: string): Record<string, unknown> {
  return {
    type: typeOf(problem.code),
    title: titleOf(problem.status),
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    instance,
    request_id: requestId,
    ...(problem.errors ? { errors: problem.errors } : {}),
    ...problem.extra,
  };
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const retryAfterSeconds = problem.retryAfterSeconds ?? (problem.status === 503 ? defaultRetryAfterSeconds : null);
  if (retryAfterSeconds !== null) reply.header('retry-after', retryAfterSeconds);
  if (problem.headers) reply.headers(problem.headers);
  return reply
    .code(problem.status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify(problemBody(problem, pathOf(request), request.id))));
}

export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

/** Every error as a problem. What is not meant for clients is logged and becomes a bare 500 or 503. */
export function toProblem(error: unknown, logger: Logger, requestId: string): Problem {
  if (error instanceof Problem) {
    if (error.status >= 500) logger.warn({ err: error, request_id: requestId }, 'request failed');
    return error;
  }
  const code = errorCode(error) ?? '';
  const known = frameworkProblems[code]?.();
  if (known !== undefined) return known;
  if (isDatabaseUnavailable(error) || busyCodes.has(code)) {
    logger.warn({ err: error, request_id: requestId }, 'database unavailable');
    return unavailable('The database is away; try again.');
  }
  logger.error({ err: error, request_id: requestId }, 'unexpected error');
  return new Problem('INTERNAL_ERROR', 'Something went wrong on our side.');
}

// Statement cancelled by its time limit, serialization failure, deadlock: nothing has happened, and a retry may succeed.
const busyCodes = new Set(['57014', '40001', '40P01', '55P03', '25P03']);

export const undeclaredJson = (): Problem =>
  new Problem('UNSUPPORTED_MEDIA_TYPE', 'The body must be declared as application/json, in UTF-8.');

const frameworkProblems: Record<string, () => Problem> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new Problem('BAD_REQUEST', 'The body is larger than 1 MiB.', { status: 413 }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => undeclaredJson(),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new Problem('BAD_REQUEST', 'The body is not as long as Content-Length says.'),
  FST_ERR_HANDLER_TIMEOUT: () => unavailable('The request took too long.'),
};
