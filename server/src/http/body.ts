import type { FastifyInstance } from 'fastify';
import { Problem } from '../contract/problem.ts';
import { undeclaredJson } from './problems.ts';

export const bodyLimitBytes = 1024 * 1024;

/**
 * One parser for every type, since the order of refusals is 413, 415, 400 (§2.3). A body is JSON or refused; an empty one
 * counts as absent, whatever its type.
 */
export function registerBodyParser(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'ignore');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: bodyLimitBytes }, (request, body, done) => {
    const text = body as string;
    // DELETE has no use for a body; some clients send `{}` or a type with every request.
    if (text === '' || request.method === 'DELETE') return done(null, undefined);
    if (!isJson(request.headers['content-type'])) {
      return done(undeclaredJson());
    }
    // PUT needs no body; what it is given is not read.
    if (request.routeOptions.config.operation?.body === undefined) return done(null, undefined);
    void parseJson(request, text, (error, value) => {
      if (error) done(new Problem('BAD_REQUEST', 'The body is not valid JSON.'));
      else done(null, value);
    });
  });
}

const isJson = (contentType: string | undefined): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
