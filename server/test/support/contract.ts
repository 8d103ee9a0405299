import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { type HeaderDefinition, misformed, misformedHeader, misformedProblem } from './wire-forms.ts';

interface Response {
  $ref?: string;
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, unknown>;
}

interface Document {
  paths: Record<
    string,
    Record<string, { operationId: string; security: object[]; responses: Record<string, Response> }>
  >;
  components: { headers: Record<string, HeaderDefinition>; responses: Record<string, Response> };
}

interface Checker {
  document: Document;
  validatorAt(pointer: readonly string[]): ValidateFunction;
}

const checkers = new WeakMap<FastifyInstance, Checker>();
const problemType = 'application/problem+json';

/**
 * `app.inject`, and every answer under /v2 must be one that the served OpenAPI document promises: a declared status, a
 * body that matches its schema, and the headers.
 */
export async function checkedInject(app: FastifyInstance, options: InjectOptions): Promise<LightMyRequestResponse> {
  const response = await app.inject(options);
  const url = typeof options.url === 'string' ? options.url : '';
  const path = url.split('?', 1)[0] ?? '';
  if (path.startsWith('/v2/') && !path.startsWith('/v2/docs/')) {
    const problems = disagreements(app, path, options, response);
    const request = `${options.method ?? 'GET'} ${url} → ${response.statusCode}`;
    if (problems.length > 0) {
      throw new Error(
        `${request} is not in the contract:\n- ${problems.join('\n- ')}\n${response.body.slice(0, 2000)}`,
      );
    }
  }
  return response;
}

function disagreements(
  app: FastifyInstance,
  path: string,
  options: InjectOptions,
  response: LightMyRequestResponse,
): string[] {
  const checker = checkerOf(app);
  const template = findTemplate(checker.document, path.slice('/v2'.length));
  const operations = template === null ? {} : (checker.document.paths[template] ?? {});
  const method = (options.method ?? 'GET').toLowerCase();
  const declaredMethod = method === 'head' ? 'get' : method;
  const operation = operations[declaredMethod];
  const problems = response.statusCode >= 400 ? problemDisagreements(checker, path, response) : [];
  if (template === null) return response.statusCode === 404 ? problems : [...problems, 'an unknown path must be 404'];
  if (operation === undefined) {
    const isRefused = response.statusCode === 405 && typeof response.headers.allow === 'string';
    return isRefused ? problems : [...problems, 'an unknown method must be 405 with Allow'];
  }
  const entry = operation.responses[response.statusCode];
  if (entry === undefined) return [...problems, 'the status is not declared'];
  const reference = entry.$ref?.split('/').slice(1);
  const declared =
    reference === undefined ? entry : (checker.document.components.responses[reference.at(-1) ?? ''] ?? {});
  const pointer = reference ?? ['paths', template, declaredMethod, 'responses', String(response.statusCode)];
  return [
    ...problems,
    ...headerDisagreements(checker.document, declared, response),
    ...limitDisagreements(operation.security.length > 0, response),
    ...bodyDisagreements(checker, pointer, declared, response, method === 'head'),
  ];
}

function bodyDisagreements(
  checker: Checker,
  pointer: readonly string[],
  declared: Response,
  response: LightMyRequestResponse,
  isHead: boolean,
): string[] {
  if (isHead || declared.content === undefined) return response.body === '' ? [] : ['the body must be empty'];
  const [contentType = ''] = Object.keys(declared.content);
  if (response.headers['content-type'] !== contentType) {
    return [`the content type must be ${contentType}, not ${String(response.headers['content-type'])}`];
  }
  if (!contentType.endsWith('json')) return [];
  const validate = checker.validatorAt([...pointer, 'content', contentType, 'schema']);
  if (validate(response.json())) return response.statusCode < 400 ? misformed(response.json()) : [];
  return (validate.errors ?? []).map((error) => `body${error.instancePath} ${error.message ?? error.keyword}`);
}

function headerDisagreements(document: Document, declared: Response, response: LightMyRequestResponse): string[] {
  const misformed = Object.keys(declared.headers ?? {}).flatMap((name) => {
    const definition = document.components.headers[name];
    return definition
      ? misformedHeader(name, definition, response.headers[name.toLowerCase()])
      : [`${name} is undefined`];
  });
  const required: string[] = [];
  if (response.statusCode === 201 && response.headers.location === undefined) required.push('Location');
  if ([429, 503].includes(response.statusCode) && response.headers['retry-after'] === undefined)
    required.push('Retry-After');
  return [...misformed, ...required.map((name) => `the header ${name} is missing`)];
}

/** §2.9: on every authenticated answer and on 401. Without a database there is no window to tell of. */
function limitDisagreements(isAuthenticated: boolean, response: LightMyRequestResponse): string[] {
  if (!isAuthenticated || response.statusCode >= 500) return [];
  const names = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'];
  return names
    .filter((name) => !/^\d+$/.test(String(response.headers[name])))
    .map((name) => `the header ${name} is missing`);
}

function problemDisagreements(checker: Checker, path: string, response: LightMyRequestResponse): string[] {
  if (response.headers['content-type'] !== problemType) return [`an error must be ${problemType}`];
  if (response.body === '') return [];
  const body = response.json();
  const problems: string[] = [];
  if (!checker.validatorAt(['components', 'schemas', 'Problem'])(body)) problems.push('the problem has a wrong shape');
  problems.push(...misformedProblem(body));
  if (body.request_id !== response.headers['x-request-id']) problems.push('request_id must equal X-Request-ID');
  if (body.status !== response.statusCode) problems.push('status must be the HTTP status');
  if (body.instance !== path) problems.push(`instance must be ${path}`);
  return problems;
}

function findTemplate(document: Document, path: string): string | null {
  if (document.paths[path] !== undefined) return path;
  const matches = (template: string): boolean =>
    new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{[a-z_]+\}/g, '[^/]*')}$`).test(path);
  return Object.keys(document.paths).find(matches) ?? null;
}

function checkerOf(app: FastifyInstance): Checker {
  const known = checkers.get(app);
  if (known !== undefined) return known;
  const document = JSON.parse(JSON.stringify(app.swagger())) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');
  const checker: Checker = {
    document,
    validatorAt(pointer) {
      const path = pointer
        .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
        .join('/');
      const validate = ajv.getSchema(`openapi#/${path}`);
      if (validate === undefined) throw new Error(`No schema at ${path}`);
      return validate as ValidateFunction;
    },
  };
  checkers.set(app, checker);
  return checker;
}
