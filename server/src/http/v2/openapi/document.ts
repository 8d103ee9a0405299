import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { Tag } from '../definition.ts';
import { liftErrorResponses, liftTitledSchemas } from './components.ts';
import { headerDefinitions } from './headers.ts';
import { operationSchema } from './operation-schema.ts';

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, { headers?: Record<string, object> }> }>>;
  components: Record<string, object>;
}

const description =
  'Tracks public Instagram and TikTok accounts and answers what their posts gained. ' +
  'Send `Authorization: Bearer <key>`. Every error is `application/problem+json`.';

const tags: Record<Tag, string> = {
  Accounts: 'Tracked Instagram and TikTok accounts',
  Videos: 'Posts: found in the feeds of accounts, or tracked on their own',
  Creators: 'Groups of accounts, and rankings of them',
  Analytics: 'Gains in a window, and day by day',
  Overview: 'The organization at a glance',
  Search: 'Accounts, creators and videos by text',
  System: 'Health, the key in use, and these documents',
};

/** Collects the operations as they are registered; call it before any route. `app.swagger()` is the document. */
export async function registerOpenapi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tallyline API',
        version: '2.0.0',
        description,
        'x-api-stability': 'current',
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      },
      servers: [{ url: '/v2' }],
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: { HTTPBearer: { type: 'http', scheme: 'bearer' } } },
      'x-api-stability': 'current',
    } as object,
    transform: ({ route, url }) => {
      const definition = route.config?.operation;
      // HEAD is not an operation of its own: it follows from GET.
      if (definition === undefined || route.method === 'HEAD') return { schema: { hide: true }, url };
      return { schema: operationSchema(definition), url };
    },
    transformObject: (result) => {
      const document = ('openapiObject' in result ? result.openapiObject : result.swaggerObject) as unknown as Document;
      finish(document);
      return document;
    },
  });
}

function finish(document: Document): void {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  for (const { responses } of operations) {
    for (const { headers } of Object.values(responses)) referToHeaders(headers ?? {});
  }
  const schemas = liftTitledSchemas(document.paths);
  const responses = liftErrorResponses(operations);
  document.components = { ...document.components, schemas, responses, headers: { ...headerDefinitions } };
}

function referToHeaders(headers: Record<string, object>): void {
  for (const name of Object.keys(headers)) headers[name] = { $ref: `#/components/headers/${name}` };
}
