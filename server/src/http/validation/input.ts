import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { TObject, TProperties } from 'typebox';
import { type FieldError, invalid, notFound } from '../../contract/problem.ts';
import type { Definition, RawInput } from '../v2/definition.ts';
import { idempotencyKeyOf } from '../v2/idempotency-key.ts';
import { fieldErrors } from './messages.ts';
import { queryParser } from './query.ts';
import { unstorableText } from './text.ts';

// Nothing is coerced or removed: strict types in bodies (§2.1), and PATCH must see unknown members to refuse them.
function newAjv(allErrors: boolean): Ajv {
  const made = new Ajv({
    allErrors,
    verbose: true,
    removeAdditional: false,
    coerceTypes: false,
    useDefaults: true,
    strict: true,
    strictTypes: false,
  });
  addFormats.default(made, ['date', 'date-time']);
  // That of ajv-formats lets `urn:uuid:` pass, which Postgres refuses.
  made.addFormat('uuid', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
  // Of search, which does not count the blanks around a text.
  made.addFormat('trimmed-128', (text) => Array.from(text.trim()).length <= 128);
  return made;
}

const ajv = newAjv(true);
const ajvOfFirstError = newAjv(false);

type Received = { params: unknown; query: unknown; body: unknown; headers: Record<string, unknown> };
type Check = (received: Received, now: Date, organizationId: string) => RawInput;

/** Checks the input of one operation: 404 for a malformed id in the path, else one 422 with every failing field. */
export function inputChecker(definition: Definition): Check {
  const params = definition.params ? ajv.compile(definition.params) : null;
  const query = definition.query ? queryChecker(definition.query) : null;
  const body = definition.body ? bodyChecker(definition.body) : null;
  return (received, now, organizationId) => {
    const input: RawInput = { params: checkedParams(params, received.params), query: {}, body: {} };
    const errors: FieldError[] = [];
    if (query) input.query = query(received.query, errors);
    if (definition.idempotent) errors.push(...idempotencyKeyErrors(received.headers));
    if (body) input.body = body(received.body, errors);
    if (definition.validate) errors.push(...definition.validate(input, now, organizationId));
    if (errors.length > 0) throw invalid(onePerField(errors));
    return input;
  };
}

function checkedParams(validate: ValidateFunction | null, raw: unknown): Record<string, unknown> {
  if (validate === null) return {};
  if (!validate(raw)) throw notFound('resource');
  return lowerCased(raw as Record<string, string>);
}

const lowerCased = (ids: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, id.toLowerCase()]));

function queryChecker(schema: TObject<TProperties>) {
  const parse = queryParser(schema);
  const validate = ajv.compile(schema);
  return (raw: unknown, errors: FieldError[]): Record<string, unknown> => {
    const parsed = parse(raw as Record<string, unknown>);
    errors.push(...parsed.errors, ...unstorableText(parsed.values, 'query'));
    if (!validate(parsed.values)) errors.push(...fieldErrors(validate.errors ?? [], 'query'));
    return parsed.values;
  };
}

/** No schema wants more in one place. Of a body that has more, its first error is told, not a hundred thousand. */
const maxEntries = 1000;

function isOversized(body: object): boolean {
  const count = (value: unknown) => (typeof value === 'object' && value !== null ? Object.keys(value).length : 0);
  return [body, ...Object.values(body)].some((value) => count(value) > maxEntries);
}

function bodyChecker(schema: TObject<TProperties>) {
  const validateAll = ajv.compile(schema);
  const validateFirst = ajvOfFirstError.compile(schema);
  return (raw: unknown, errors: FieldError[]): Record<string, unknown> => {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      errors.push({ field: 'body', message: raw === undefined ? 'is required' : 'must be an object' });
      return {};
    }
    // Defaults are filled in a copy: what was sent decides whether a repeated request is the same (§2.10).
    const body: Record<string, unknown> = { ...raw };
    const validate = isOversized(raw) ? validateFirst : validateAll;
    if (!validate(body)) errors.push(...fieldErrors(validate.errors ?? [], 'body'));
    errors.push(...unstorableText(known(schema, body), 'body'));
    return lowerCasedIds(schema, body);
  };
}

/** The members that the schema names; any other is ignored or has been refused by its name. */
const known = (schema: TObject<TProperties>, body: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).filter(([name]) => Object.hasOwn(schema.properties, name)));

/** Ids are accepted in any case (§2.1) and travel on in lower case. */
function lowerCasedIds(schema: TObject<TProperties>, body: Record<string, unknown>): Record<string, unknown> {
  const changed: Record<string, unknown> = { ...body };
  for (const [name, property] of Object.entries(schema.properties)) {
    const { format, items } = property as { format?: string; items?: { format?: string } };
    const value = body[name];
    if (format === 'uuid' && typeof value === 'string') changed[name] = value.toLowerCase();
    if (items?.format === 'uuid' && Array.isArray(value)) {
      changed[name] = value.map((id: unknown) => (typeof id === 'string' ? id.toLowerCase() : id));
    }
  }
  return changed;
}

const maxIdempotencyKeyLength = 255;

function idempotencyKeyErrors(headers: Record<string, unknown>): FieldError[] {
  const key = idempotencyKeyOf(headers);
  if (key === null || Array.from(key).length <= maxIdempotencyKeyLength) return [];
  return [{ field: 'Idempotency-Key', message: 'must be at most 255 characters long' }];
}

function onePerField(errors: readonly FieldError[]): FieldError[] {
  const byField = new Map<string, FieldError>();
  for (const error of errors) if (!byField.has(error.field)) byField.set(error.field, error);
  return [...byField.values()];
}
