import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../answer-cache.ts';
import { baseUrlOf } from '../base-url.ts';
import type { AppDeps } from '../deps.ts';
import { matchesEtag } from '../etag.ts';
import { sendNotModified } from '../not-modified.ts';
import { parseQueryString } from '../query-string.ts';

/** Sends a 200, or the 304 that stands for it (§2.8). */
export function sendAnswer(deps: AppDeps, request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  reply.header('etag', answer.etag);
  reply.header('cache-control', 'private, no-cache');
  if (matchesEtag(request.headers['if-none-match'], answer.etag)) return sendNotModified(request, reply);
  reply.header('content-type', answer.contentType);
  if (answer.links !== null) reply.header('link', linkHeader(baseUrlOf(deps.config, request), answer.links));
  return reply.send(answer.body);
}

function linkHeader(baseUrl: string, { first, next }: { first: string; next: string | null }): string {
  const firstLink = `<${baseUrl}${first}>; rel="first"`;
  return next === null ? firstLink : `${firstLink}, <${baseUrl}${next}>; rel="next"`;
}

/** Addresses of the first and the next page: the request's own, without or with another cursor (§2.5). */
export function pageLinks(url: string, nextCursor: string | null): { first: string; next: string | null } {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const parameters = mark === -1 ? [] : url.slice(mark + 1).split('&');
  const kept = parameters.filter((parameter) => parameter !== '' && !isCursor(parameter)).map(escaped);
  const at = (query: readonly string[]): string => (query.length === 0 ? path : `${path}?${query.join('&')}`);
  return { first: at(kept), next: nextCursor === null ? null : at([...kept, `cursor=${nextCursor}`]) };
}

// By its name as it is read: `%63ursor` is a cursor too.
const isCursor = (parameter: string): boolean => Object.hasOwn(parseQueryString(parameter), 'cursor');

// A client may have sent characters that end a URI reference in a Link header.
const escaped = (parameter: string): string =>
  parameter.replace(/[<>"\s]/g, (character) => encodeURIComponent(character));
