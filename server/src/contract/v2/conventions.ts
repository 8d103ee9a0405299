import { type Static, type TObject, type TProperties, type TSchema, type TUnsafe, Type } from 'typebox';

/** The shapes shared by all `/v2` operations: scalars, envelopes, paging. Contract §2. */

/** A closed set of strings, published as `{type: string, enum}`. A union of literals would give one error per literal. */
export const oneOf = <const T extends string>(values: readonly T[], options: object = {}): TUnsafe<T> =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...options });

/** `T` or null, as one schema with two types: the serialiser is much faster on it than on a union. */
export function nullable<T extends TSchema>(schema: T): TUnsafe<Static<T> | null> {
  const { type, enum: values, ...rest } = schema as unknown as { type: string; enum?: unknown[] };
  return Type.Unsafe<Static<T> | null>({
    ...rest,
    type: [type, 'null'],
    ...(values ? { enum: [...values, null] } : {}),
  });
}

export const platforms = ['instagram', 'tiktok'] as const;
export const PlatformName = oneOf(platforms);

export const Uuid = Type.String({ format: 'uuid' });
/** Whole seconds in UTC: `2026-03-02T09:00:00Z`. */
export const DateTime = Type.String({ format: 'date-time', examples: ['2026-03-02T09:00:00Z'] });
/** A UTC day: `2026-03-02`. */
export const Day = Type.String({ format: 'date', examples: ['2026-03-02'] });
/** A count; may exceed 32 bits, never 2^53-1. */
export const Count = Type.Integer();

/** §2.13: at most 20 keys of 1-255 characters; values string up to 255, number, boolean or null. A larger integer has lost digits (ADR 21). */
export const Metadata = Type.Unsafe<Record<string, string | number | boolean | null>>({
  type: 'object',
  maxProperties: 20,
  propertyNames: { type: 'string', minLength: 1, maxLength: 255 },
  additionalProperties: {
    type: ['string', 'number', 'boolean', 'null'],
    maxLength: 255,
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
  },
});

/** The `q` of lists and search: up to 128 characters without the blanks around them. */
export const SoughtText = (description: string) => Type.String({ format: 'trimmed-128', description });

export const defaultLimit = 50;
export const maximumLimit = 200;

/** Query members of every cursor list. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maximumLimit, default: defaultLimit })),
  cursor: Type.Optional(
    Type.String({ description: 'next_cursor of the previous page, with the same filters and sort' }),
  ),
  include_total: Type.Optional(Type.Boolean({ default: false, description: 'Adds pagination.total_count' })),
};

/** §2.6: what a list can be sorted by and what it sorts by when nothing is asked. */
export interface SortSpec<Key extends string = string> {
  keys: readonly Key[];
  defaultKey: Key;
  defaultDirection: 'asc' | 'desc';
}

export type Direction = 'asc' | 'desc';

/** Query members that sort a cursor list; the legacy `sort` is one of the same keys, `-` in front = descending. */
export const sortQuery = <Key extends string>(spec: SortSpec<Key>) => ({
  order_by: Type.Optional(oneOf(spec.keys)),
  order_direction: Type.Optional(oneOf(['asc', 'desc'] as const)),
  sort: Type.Optional(
    oneOf([...spec.keys, ...spec.keys.map((key) => `-${key}`)], { description: 'Legacy; order_by wins over it' }),
  ),
});

/** The query schema of a cursor list: paging, sorting and its own filters. */
export const listQuery = <Key extends string, F extends TProperties>(sort: SortSpec<Key>, filters: F) =>
  Type.Object({ ...PageQuery, ...sortQuery(sort), ...filters });

export const Pagination = Type.Object(
  {
    has_next: Type.Boolean(),
    limit: Type.Integer(),
    next_cursor: nullable(Type.String()),
    total_count: Type.Optional(Type.Integer({ description: 'Only with include_total=true' })),
  },
  { title: 'Pagination' },
);

/** `{data}`: items, snapshots, system answers. */
export const single = <T extends TSchema>(data: T): TObject<{ data: T }> => Type.Object({ data });

/** `{data: [], pagination, filters}`: the cursor lists. `filters` are the list's own filter members. */
export const collection = <T extends TSchema>(item: T, filters: TProperties, sort: SortSpec) =>
  Type.Object({
    data: Type.Array(item),
    pagination: Pagination,
    filters: Type.Object({
      ...filters,
      // Without the format of ours, which a client's validator of answers need not know.
      ...('q' in filters && { q: Type.Optional(Type.String()) }),
      order_by: oneOf(sort.keys),
      order_direction: oneOf(['asc', 'desc'] as const),
    }),
  });

/** `{data, meta}`: search, deltas, metrics, time series, rankings. */
export const withMeta = <T extends TSchema, M extends TSchema>(data: T, meta: M): TObject<{ data: T; meta: M }> =>
  Type.Object({ data, meta });

/** A path with one id, e.g. `idParams('account_id')`. A malformed id is 404, not 422. */
export const idParams = <const K extends string>(...names: K[]) =>
  Type.Object(Object.fromEntries(names.map((name) => [name, Uuid])) as Record<K, typeof Uuid>);
