import { Type } from 'typebox';
import { nullable, oneOf, Uuid } from './conventions.ts';

/** System answers. Contract §5.7. */

export const Whoami = Type.Object(
  {
    type: oneOf(['whoami']),
    organization_id: Type.String({ description: 'Opaque' }),
    organization_name: Type.String(),
    api_key_id: Uuid,
    api_key_name: Type.String(),
    scopes: Type.Array(oneOf(['read', 'write', 'admin']), {
      description: 'Complete: admin includes write includes read',
    }),
  },
  { title: 'Whoami' },
);

export const ApiMeta = Type.Object(
  {
    type: oneOf(['api_meta']),
    api_version: oneOf(['v2']),
    status: oneOf(['current']),
    docs_url: Type.String({ format: 'uri' }),
    openapi_url: Type.String({ format: 'uri' }),
    whoami_url: Type.String({ format: 'uri' }),
    deprecation: nullable(Type.String()),
    sunset: nullable(Type.String()),
  },
  { title: 'ApiMeta' },
);

export const checkStates = ['ok', 'degraded', 'down'] as const;

export const Checks = Type.Object({ database: oneOf(checkStates), collector: oneOf(checkStates) }, { title: 'Checks' });

export const Health = Type.Object(
  {
    type: oneOf(['health']),
    status: oneOf(['ok', 'degraded']),
    version: Type.String(),
    checks: Checks,
    sources: Type.Array(Type.String(), { description: 'Where numbers come from' }),
    sandbox: Type.Boolean({ description: 'True when numbers are simulated' }),
  },
  { title: 'Health' },
);
