import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { notFound } from '../../../../contract/problem.ts';
import { etagOf, matchesEtag } from '../../../etag.ts';
import { sendNotModified } from '../../../not-modified.ts';
import type { Definition } from '../../definition.ts';
import { operation } from '../../operation.ts';
import type { RouteDeps } from '../../route-deps.ts';
import { loadAsset } from './assets.ts';
import { docsContentSecurityPolicy, docsPage } from './page.ts';

const docsDefinition: Definition = {
  id: 'get_docs',
  method: 'GET',
  path: '/docs',
  tag: 'System',
  scope: 'none',
  limit: 'address',
  summary: 'This reference as a page',
  success: 200,
  produces: 'text/html; charset=utf-8',
  response: Type.String(),
  errors: [],
};

/** The page, and the files it consists of. The files are no operations, and count toward no limit. */
export function registerDocs(app: FastifyInstance, deps: RouteDeps): void {
  operation(app, deps, docsDefinition, async () => ({
    body: docsPage,
    headers: { 'content-security-policy': docsContentSecurityPolicy, 'x-content-type-options': 'nosniff' },
  }));
  app.get<{ Params: { name: string } }>('/docs/assets/:name', async (request, reply) => {
    const asset = await loadAsset(request.params.name);
    if (asset === null) throw notFound('file');
    const isGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const body = isGzip ? asset.gzipped : asset.body;
    const etag = etagOf(body, asset.contentType);
    reply.headers({
      etag,
      'cache-control': 'public, max-age=3600',
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
    });
    if (matchesEtag(request.headers['if-none-match'], etag)) return sendNotModified(request, reply);
    if (isGzip) reply.header('content-encoding', 'gzip');
    return reply.header('content-type', asset.contentType).send(body);
  });
}
