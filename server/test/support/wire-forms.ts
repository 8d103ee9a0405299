import { STATUS_CODES } from 'node:http';

/** Forms of the contract that a schema does not say. */

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const day = /^\d{4}-\d{2}-\d{2}$/;
// What a client sent comes back as it was sent.
const asSent = new Set(['metadata', 'filters', 'query', 'not_found']);

/** §2.1: times in whole seconds with Z, days as dates, ids in lower case. */
export function misformed(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (asSent.has(name)) return [];
    const at = `${path}/${name}`;
    if (typeof member !== 'string') return misformed(member, at);
    if (/_(at|time)$/.test(name) && !instant.test(member)) return [`${at} must be a time in whole seconds with Z`];
    if (/(^|_)date$/.test(name) && !day.test(member)) return [`${at} must be a date`];
    if (/(^|_)id$/.test(name) && /^[0-9a-f-]{36}$/i.test(member) && member !== member.toLowerCase()) {
      return [`${at} must be in lower case`];
    }
    return [];
  });
}

interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  errors?: unknown[];
}

/** §2.12: the URN of the code, the phrase of the status, and fields on 422 alone. */
export function misformedProblem({ type, title, status, code, errors }: Problem): string[] {
  const problems: string[] = [];
  if (type !== `urn:creatoraudit:error:${code.toLowerCase().replaceAll('_', '-')}`)
    problems.push(`type is not of ${code}`);
  if (title !== STATUS_CODES[status]) problems.push(`title is not the phrase of ${status}`);
  if ((status === 422) !== (errors !== undefined && errors.length > 0)) problems.push('422 names fields, and only 422');
  return problems;
}

export interface HeaderDefinition {
  required?: boolean;
  schema: { type: string; const?: string; minimum?: number; pattern?: string };
}

type Header = string | number | string[] | undefined;

/** A header's text against its definition; absent only where it may be. */
export function misformedHeader(name: string, definition: HeaderDefinition, value: Header): string[] {
  if (value === undefined) return definition.required ? [`the header ${name} is missing`] : [];
  const text = String(value);
  const { type, const: only, minimum, pattern } = definition.schema;
  const isRight =
    (only === undefined || text === only) &&
    (type !== 'integer' || (/^\d+$/.test(text) && Number(text) >= (minimum ?? 0))) &&
    (pattern === undefined || new RegExp(pattern).test(text));
  return isRight ? [] : [`the header ${name} must not be ${text}`];
}
