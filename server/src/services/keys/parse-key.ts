import { type FieldError, invalid } from '../../contract/problem.ts';
import type { Scope } from '../context.ts';

export const scopes: readonly Scope[] = ['read', 'write', 'admin'];
const maxNameLength = 128;

export interface NewKey {
  name: string;
  scopes: Scope[];
}

/** Every key may read, whatever else it may do. Without scopes a key has all of them. */
export function parseNewKey(input: { name: string; scopes?: readonly string[] }): NewKey {
  const errors: FieldError[] = [];
  const name = input.name.trim();
  if (name === '' || name.length > maxNameLength) {
    errors.push({ field: 'name', message: `must contain between 1 and ${maxNameLength} characters` });
  }
  const asked = input.scopes ?? scopes;
  const known = scopes.filter((scope) => scope === 'read' || asked.includes(scope));
  if (asked.some((scope) => !known.some((one) => one === scope))) {
    errors.push({ field: 'scopes', message: `must be among: ${scopes.join(', ')}` });
  }
  if (errors.length > 0) throw invalid(errors);
  return { name, scopes: known };
}

/** The id of a key, or the prefix that lists show. */
export function parseKeyReference(input: { key: string }): { id: string } | { prefix: string } {
  const text = input.key.trim().toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return { id: text };
  if (/^tga_[0-9a-f]{8}$/.test(text)) return { prefix: text };
  throw invalid([{ field: 'key', message: 'must be the id of a key or its prefix (tga_ and 8 digits)' }]);
}
