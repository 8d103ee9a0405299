import { Type } from 'typebox';
import type { Definition } from '../definition.ts';

export const openapiDefinition: Definition = {
  id: 'get_openapi',
  method: 'GET',
  path: '/openapi.json',
  tag: 'System',
  scope: 'none',
  limit: 'address',
  summary: 'This document',
  success: 200,
  // The document is made from our own schemas; a schema for it would say nothing more than that it is an object.
  response: Type.Unsafe({ type: 'object', additionalProperties: true }),
  errors: [],
};
