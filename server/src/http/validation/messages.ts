import type { ErrorObject } from 'ajv';
import type { FieldError } from '../../contract/problem.ts';

// Ajv's errors in the contract's words (§2.12). `parentSchema` is there because Ajv runs with `verbose`.

interface Limits {
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  format?: string;
  type?: string | string[];
  enum?: (string | null)[];
}

const typeNames: Record<string, string> = {
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'a boolean',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

const formatMessages: Record<string, string> = {
  uuid: 'must be a UUID',
  date: 'must be a date (YYYY-MM-DD)',
  'trimmed-128': 'must be at most 128 characters long',
  'date-time': 'must be a timestamp with a time zone (ISO 8601)',
};

/** One error per field, the first that the schema found. `root` names the input as a whole: `body`. */
export function fieldErrors(errors: readonly ErrorObject[], root: string): FieldError[] {
  const byField = new Map<string, FieldError>();
  for (const error of errors) {
    // The name of a property failed: the error of the property itself follows and says where.
    if (error.propertyName !== undefined) continue;
    const field = fieldOf(error) || root;
    if (!byField.has(field)) byField.set(field, { field, message: messageOf(error) });
  }
  return [...byField.values()];
}

function fieldOf(error: ErrorObject): string {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const member = error.params['missingProperty'] ?? error.params['additionalProperty'] ?? error.params['propertyName'];
  if (typeof member === 'string') path.push(member);
  return path.join('.');
}

function messageOf(error: ErrorObject): string {
  const schema = (error.parentSchema ?? {}) as Limits;
  switch (error.keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is not a known member';
    case 'enum':
      return enumMessage(schema);
    case 'minimum':
    case 'maximum':
      return rangeMessage(schema.minimum, schema.maximum);
    case 'minLength':
    case 'maxLength':
      return rangeMessage(schema.minLength, schema.maxLength, 'characters long');
    case 'minItems':
    case 'maxItems':
      return rangeMessage(schema.minItems, schema.maxItems, 'items', 'must contain');
    case 'format':
      return formatMessages[schema.format ?? ''] ?? 'is not valid';
    case 'type':
      return typeMessage(schema);
    case 'propertyNames':
      return 'must have a name of 1 to 255 characters';
    case 'maxProperties':
      return `must contain at most ${error.params['limit']} keys`;
    case 'minProperties':
      return 'must have at least one member';
    default:
      return 'is not valid';
  }
}

function enumMessage(schema: Limits): string {
  const values = (schema.enum ?? []).filter((value) => value !== null);
  return `must be one of: ${values.join(', ')}`;
}

function rangeMessage(low: number | undefined, high: number | undefined, unit = '', verb = 'must be'): string {
  const suffix = unit === '' ? '' : ` ${unit}`;
  if (low !== undefined && high !== undefined) return `${verb} between ${low} and ${high}${suffix}`;
  return low === undefined ? `${verb} at most ${high}${suffix}` : `${verb} at least ${low}${suffix}`;
}

function typeMessage(schema: Limits): string {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? ''];
  if (schema.enum) return enumMessage(schema);
  if (schema.format && formatMessages[schema.format]) return formatMessages[schema.format] ?? '';
  const names = types.map((type) => typeNames[type] ?? type);
  const last = names.pop() ?? '';
  return `must be ${names.length === 0 ? last : `${names.join(', ')} or ${last}`}`;
}
