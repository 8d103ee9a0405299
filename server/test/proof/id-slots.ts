import type { ApiOperation, Schema } from './document.ts';
import { type Kind, kindOf } from './known-ids.ts';

/** A place in a request where an id goes. */
export interface Slot {
  place: 'path' | 'query' | 'body';
  name: string;
  kind: Kind;
}

export function slotsOf({ ids, query, body }: ApiOperation): Slot[] {
  const slots = (place: Slot['place'], names: readonly string[]): Slot[] =>
    names.flatMap((name) => {
      const kind = kindOf(name);
      return kind === null ? [] : [{ place, name, kind }];
    });
  return [
    ...slots('path', ids),
    ...slots(
      'query',
      query.map(({ name }) => name),
    ),
    ...slots('body', Object.keys(body?.properties ?? {})),
  ];
}

export type Ids = ReadonlyMap<Slot, string | number>;

/** The least request of an operation that carries these ids. */
export function leastRequest(
  operation: ApiOperation,
  ids: Ids,
): { method: ApiOperation['method']; url: string; payload?: object } {
  const at = (place: Slot['place']) => [...ids].filter(([slot]) => slot.place === place);
  let path = operation.path;
  for (const [{ name }, id] of at('path')) path = path.replace(`{${name}}`, String(id));
  const required = operation.query.filter((parameter) => parameter.required);
  const query = [
    ...required.map(({ name }) => `${name}=foreign`),
    ...at('query').map(([{ name }, id]) => `${name}=${id}`),
  ].join('&');
  const url = query === '' ? `/v2${path}` : `/v2${path}?${query}`;
  const { method, body } = operation;
  return body === null ? { method, url } : { method, url, payload: leastBody(operation, body, at('body')) };
}

function leastBody(
  { method }: ApiOperation,
  schema: Schema,
  ids: readonly (readonly [Slot, string | number])[],
): object {
  const { properties = {}, required = [] } = schema;
  const values = required.map((name) => [name, sample(name, properties[name] ?? {})]);
  const change = method === 'PATCH' ? [['is_active', true]] : [];
  const given = ids.map(([{ name }, id]) => [name, properties[name]?.type === 'array' ? [id] : id]);
  return Object.fromEntries([...change, ...values, ...given]);
}

const sample = (name: string, schema: Schema): unknown => {
  if (schema.enum) return schema.enum.at(-1);
  if (schema.type === 'array') return [];
  return name === 'identifier' ? '7470969622276164999' : 'foreign_0';
};
