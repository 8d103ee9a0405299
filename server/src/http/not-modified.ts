import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The 304 of HEAD is that of GET: Fastify would add `content-length: 0`, which the resource does not have. */
export function sendNotModified(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.method !== 'HEAD') return reply.code(304).send();
  reply.hijack();
  reply.raw.writeHead(304, reply.getHeaders() as OutgoingHttpHeaders).end();
  return reply;
}
