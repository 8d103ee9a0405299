import { notFound } from '../contract/problem.ts';

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Ids in lower case, whatever case they came in. What can't be an id names nothing, so it is not found. */
export function parseIds<T extends Record<string, string>>(ids: T): T {
  const entries = Object.entries(ids).map(([name, id]) => [name, id.toLowerCase()] as const);
  for (const [name, id] of entries) if (!uuidPattern.test(id)) throw notFound(name.replace(/Id$/, ''));
  return Object.fromEntries(entries) as T;
}
