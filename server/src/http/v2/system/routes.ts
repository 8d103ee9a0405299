import type { FastifyInstance } from 'fastify';
import { ApiMeta, Whoami } from '../../../contract/v2/system.ts';
import { single } from '../../../contract/v2/conventions.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';

export function systemRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'get_whoami',
      method: 'GET',
      path: '/whoami',
      tag: 'System',
      scope: 'read',
      summary: 'The key of this request, and whose it is',
      success: 200,
      response: single(Whoami),
      errors: [],
      cache: false,
    },
    async (ctx, { session }) => {
      const { apiKeyId, apiKeyName, scopes, organizationName } = session ?? {};
      return {
        body: {
          data: {
            type: 'whoami',
            organization_id: ctx.organizationId,
            organization_name: organizationName,
            api_key_id: apiKeyId,
            api_key_name: apiKeyName,
            scopes,
          },
        },
      };
    },
  );
  operation(
    app,
    deps,
    {
      id: 'get_meta',
      method: 'GET',
      path: '/meta',
      tag: 'System',
      scope: 'none',
      summary: 'Which API this is, and where its documents are',
      success: 200,
      response: single(ApiMeta),
      errors: [],
      limit: 'exempt',
    },
    async (_ctx, { baseUrl }) => ({
      body: {
        data: {
          type: 'api_meta',
          api_version: 'v2',
          status: 'current',
          docs_url: `${baseUrl}/v2/docs`,
          openapi_url: `${baseUrl}/v2/openapi.json`,
          whoami_url: `${baseUrl}/v2/whoami`,
          deprecation: null,
          sunset: null,
        },
      },
    }),
  );
}
