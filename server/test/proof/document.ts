/** What the proof reads of an OpenAPI document: every operation with its inputs and the answers that it declares. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  maxProperties?: number;
  minProperties?: number;
  additionalProperties?: boolean | Schema;
}

export interface Parameter {
  in: 'query' | 'path' | 'header';
  name: string;
  required?: boolean;
  schema: Schema;
}

export interface ApiOperation {
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /v2, ids in braces. */
  path: string;
  ids: string[];
  query: Parameter[];
  headers: string[];
  body: Schema | null;
  /** Every status it declares. */
  statuses: number[];
  needsKey: boolean;
}

interface OpenapiOperation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, object>;
  security: object[];
}

export interface OpenapiDocument {
  paths: Record<string, Record<string, OpenapiOperation>>;
  components: { schemas: Record<string, Schema> };
}

export function operationsOf(document: OpenapiDocument): ApiOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => toOperation(document, path, method, operation)),
  );
}

function toOperation(
  document: OpenapiDocument,
  path: string,
  method: string,
  { operationId, parameters = [], requestBody, responses, security }: OpenapiOperation,
): ApiOperation {
  const body = requestBody?.content['application/json']?.schema;
  return {
    id: operationId,
    method: method.toUpperCase() as ApiOperation['method'],
    path,
    ids: parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name),
    query: parameters.filter((parameter) => parameter.in === 'query'),
    headers: parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name),
    body: body === undefined ? null : resolved(document, body),
    statuses: Object.keys(responses).map(Number),
    needsKey: security.length > 0,
  };
}

function resolved(document: OpenapiDocument, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  if (name === undefined) return schema;
  const found = document.components.schemas[name];
  if (found === undefined) throw new Error(`the document names ${schema.$ref} and does not hold it`);
  return found;
}
