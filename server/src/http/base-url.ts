import type { FastifyRequest } from 'fastify';
import type { HttpConfig } from './deps.ts';

const hostPattern = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** `https://host` for absolute links: the public URL, else the host the client asked for (if it looks like one). */
export function baseUrlOf(config: HttpConfig, request: FastifyRequest): string {
  if (config.publicUrl !== null) return config.publicUrl.replace(/\/+$/, '');
  const host = request.host ?? '';
  return `${request.protocol}://${hostPattern.test(host) ? host : `${config.host}:${config.port}`}`;
}
