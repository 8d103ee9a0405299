import type { FastifyInstance } from 'fastify';
import { Problem } from '../contract/problem.ts';
import { undeclaredJson } from './problems.ts';

export const bodyLimitBytes = 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * One parser for every type, since the order of refusals is 413, 415, 400 (§2.3). A body is JSON or refused; an empty one
 * counts as absent, whatever its type.
 */
export function registerBodyParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyLimitBytes }, (request, body, done) => {
    const bytes = body as Buffer;
    // DELETE has no use for a body; some clients send `{}` or a type with every request.
    if (bytes.length === 0 || request.method === 'DELETE') return done(null, undefined);
    if (!isJson(request.headers['content-type'])) {
      return done(undeclaredJson());
    }
    // PUT needs no body; what it is given is not read.
    if (request.routeOptions.config.operation?.body === undefined) return done(null, undefined);
    const json = parseJson(bytes);
    done(json === null ? new Problem('BAD_REQUEST', 'The body is not valid JSON in UTF-8.') : null, json?.value);
  });
}

/** `__proto__` is a member like any other: JSON.parse makes it an own property, and whoever copies a body keeps it one. */
function parseJson(bytes: Buffer): { value: unknown } | null {
  try {
    return { value: JSON.parse(utf8.decode(bytes)) };
  } catch {
    return null;
  }
}

function isJson(contentType = ''): boolean {
  const [type, ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  return type === 'application/json' && parameters.every(isNoOtherCharset);
}

const isNoOtherCharset = (parameter: string): boolean =>
  !/^charset\s*=/.test(parameter) || /^charset\s*=\s*"?utf-8"?$/.test(parameter);
