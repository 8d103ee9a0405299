import { single } from '../../../contract/v2/conventions.ts';
import { ApiMeta } from '../../../contract/v2/system.ts';
import type { Definition, Outcome } from '../definition.ts';

export const metaDefinition: Definition = {
  id: 'get_meta',
  method: 'GET',
  path: '/meta',
  tag: 'System',
  scope: 'none',
  limit: 'exempt',
  summary: 'Which API this is, and where its documents are',
  success: 200,
  response: single(ApiMeta),
  errors: [],
};

export function presentMeta(baseUrl: string): Outcome {
  const data = {
    type: 'api_meta',
    api_version: 'v2',
    status: 'current',
    docs_url: `${baseUrl}/v2/docs`,
    openapi_url: `${baseUrl}/v2/openapi.json`,
    whoami_url: `${baseUrl}/v2/whoami`,
    deprecation: null,
    sunset: null,
  };
  return { body: { data } };
}
