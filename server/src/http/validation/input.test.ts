import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../contract/problem.ts';
import { idParams, listQuery, Metadata, nullable, oneOf, PlatformName, Uuid } from '../../contract/v2/conventions.ts';
import type { Definition } from '../v2/definition.ts';
import { inputChecker } from './input.ts';

const base = { id: 'x', path: '/x', tag: 'System', scope: 'write', summary: '', success: 200, errors: [] } as const;
const now = new Date(0);
const id = '01a1fb87-c21b-7af4-b46d-338a22b86c44';

const sort = { keys: ['name'], defaultKey: 'name', defaultDirection: 'asc' } as const;
const list: Definition = {
  ...base,
  method: 'GET',
  query: listQuery(sort, {
    platform: Type.Optional(PlatformName),
    is_active: Type.Optional(Type.Boolean()),
    creator_id: Type.Optional(Uuid),
    day: Type.Optional(Type.String({ format: 'date' })),
    q: Type.Optional(Type.String({ maxLength: 3 })),
  }),
};

const post: Definition = {
  ...base,
  method: 'POST',
  idempotent: true,
  body: Type.Object({
    platform: PlatformName,
    name: Type.String({ minLength: 1, maxLength: 5 }),
    hours: Type.Optional(Type.Integer({ minimum: 6, maximum: 720 })),
    ids: Type.Optional(Type.Array(Uuid, { minItems: 1, maxItems: 2 })),
    creator_id: Type.Optional(nullable(Uuid)),
    kind: Type.Optional(nullable(oneOf(['a', 'b']))),
    metadata: Type.Optional(nullable(Metadata)),
  }),
};

const patch: Definition = {
  ...base,
  method: 'PATCH',
  params: idParams('account_id'),
  body: Type.Object({ active: Type.Optional(Type.Boolean()) }, { additionalProperties: false, minProperties: 1 }),
};

type Parts = { params?: object; query?: object; body?: unknown; headers?: Record<string, unknown> };

const check = (definition: Definition, { params = {}, query = {}, body, headers = {} }: Parts) =>
  inputChecker(definition)({ params, query, body, headers }, now, 'organization');

function errorsOf(definition: Definition, parts: Parts): Record<string, string> {
  try {
    check(definition, parts);
  } catch (error) {
    if (error instanceof Problem && error.code === 'VALIDATION_ERROR') {
      return Object.fromEntries((error.errors ?? []).map(({ field, message }) => [field, message]));
    }
    throw error;
  }
  return {};
}

const queryErrors = (query: object) => errorsOf(list, { query });
const bodyErrors = (body: unknown) => errorsOf(post, { body });
const good = { platform: 'tiktok', name: 'a' };

describe('§2.1, §2.12 query', () => {
  test('text becomes the type of the parameter; unknown parameters and defaults aside', () => {
    const query = { limit: '7', is_active: 'True', creator_id: id.toUpperCase(), include_total: '0', other: '1' };
    const { query: parsed } = check(list, { query });
    expect(parsed).toEqual({ limit: 7, is_active: true, creator_id: id, include_total: false });
  });

  test.each(['true', 'TRUE', '1', 'True'])('%s is true', (text) => {
    expect(check(list, { query: { is_active: text } }).query['is_active']).toBe(true);
  });

  test.each([
    [{ limit: '0' }, { limit: 'must be between 1 and 200' }],
    [{ limit: '201' }, { limit: 'must be between 1 and 200' }],
    [{ limit: '1.5' }, { limit: 'must be an integer' }],
    [{ limit: '' }, { limit: 'must be an integer' }],
    [{ limit: '1e1' }, { limit: 'must be an integer' }],
    [{ limit: ['1', '2'] }, { limit: 'must be given only once' }],
    [{ other: ['1', '2'] }, {}],
    [{ platform: 'youtube' }, { platform: 'must be one of: instagram, tiktok' }],
    [{ is_active: 'yes' }, { is_active: 'must be a boolean' }],
    [{ creator_id: 'x' }, { creator_id: 'must be a UUID' }],
    [{ day: '2026-02-30' }, { day: 'must be a date (YYYY-MM-DD)' }],
    [{ sort: 'size' }, { sort: 'must be one of: name, -name' }],
    [{ sort: 'size', order_by: 'name' }, { sort: 'must be one of: name, -name' }],
    [{ q: 'abcd' }, { q: 'must be at most 3 characters long' }],
    [{ q: 'a\0' }, { q: 'must not contain null characters or broken Unicode' }],
    [
      { limit: 'x', platform: 'y' },
      { limit: 'must be an integer', platform: 'must be one of: instagram, tiktok' },
    ],
  ])('%j → %j', (query, expected) => {
    expect(queryErrors(query)).toEqual(expected);
  });
});

describe('§2.1, §2.12, §2.13 body', () => {
  test.each([
    [undefined, { body: 'is required' }],
    [null, { body: 'must be an object' }],
    [[], { body: 'must be an object' }],
    ['text', { body: 'must be an object' }],
    [{}, { platform: 'is required', name: 'is required' }],
    [{ ...good, platform: 'youtube' }, { platform: 'must be one of: instagram, tiktok' }],
    [{ ...good, platform: 5 }, { platform: 'must be one of: instagram, tiktok' }],
    [{ ...good, name: '' }, { name: 'must be between 1 and 5 characters long' }],
    [{ ...good, hours: 5 }, { hours: 'must be between 6 and 720' }],
    [{ ...good, hours: 721 }, { hours: 'must be between 6 and 720' }],
    [{ ...good, hours: '24' }, { hours: 'must be an integer' }],
    [{ ...good, hours: 6.5 }, { hours: 'must be an integer' }],
    [{ ...good, hours: null }, { hours: 'must be an integer' }],
    [{ ...good, ids: [] }, { ids: 'must contain between 1 and 2 items' }],
    [{ ...good, ids: [id, 'x'] }, { 'ids.1': 'must be a UUID' }],
    [{ ...good, ids: [id, 5] }, { 'ids.1': 'must be a UUID' }],
    [{ ...good, creator_id: 'x' }, { creator_id: 'must be a UUID' }],
    [{ ...good, creator_id: null, kind: null, metadata: null }, {}],
    [{ ...good, kind: 'c' }, { kind: 'must be one of: a, b' }],
    [{ ...good, metadata: { a: 1, b: 'x', c: null, d: true } }, {}],
    [{ ...good, metadata: { tags: [] } }, { 'metadata.tags': 'must be a string, a number, a boolean or null' }],
    [{ ...good, metadata: { note: 'x'.repeat(256) } }, { 'metadata.note': 'must be at most 255 characters long' }],
    [{ ...good, metadata: { 'a/b': {} } }, { 'metadata.a/b': 'must be a string, a number, a boolean or null' }],
    [{ ...good, metadata: 'x' }, { metadata: 'must be an object or null' }],
    [{ ...good, name: 'a\u0000' }, { name: 'must not contain null characters or broken Unicode' }],
    [{ ...good, metadata: { a: '\ud800' } }, { 'metadata.a': 'must not contain null characters or broken Unicode' }],
    [{ ...good, unknown: { deep: true, 'text\0': '\0' } }, {}],
    [JSON.parse('{"platform":"tiktok","name":"a","__proto__":{"name":5}}'), {}],
    [{ ...good, metadata: JSON.parse('{"__proto__":1}') }, {}],
    [{ ...good, metadata: { a: 2 ** 53 - 1, b: 1 - 2 ** 53 } }, {}],
    [{ ...good, metadata: { a: 1e-7, b: 0.1 } }, {}],
    [{ ...good, metadata: { a: 1e20 } }, { 'metadata.a': expect.stringContaining('must be between') }],
    [
      { ...good, metadata: { a: 2 ** 53, b: -(2 ** 53) } },
      {
        'metadata.a': 'must be between -9007199254740991 and 9007199254740991',
        'metadata.b': 'must be between -9007199254740991 and 9007199254740991',
      },
    ],
  ])('%j → %j', (body, expected) => {
    expect(bodyErrors(body)).toEqual(expected);
  });

  test('21 keys of metadata are too many, and a name may have 255 characters', () => {
    const keys = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`k${index}`, 1]));
    expect(bodyErrors({ ...good, metadata: keys })).toEqual({ metadata: 'must contain at most 20 keys' });
    const long = 'k'.repeat(256);
    expect(Object.keys(bodyErrors({ ...good, metadata: { [long]: 1 } }))).toEqual([`metadata.${long}`]);
    expect(bodyErrors({ ...good, metadata: { '': 1 } })).not.toEqual({});
  });

  test('nesting without end is ignored where it is unknown and refused elsewhere, never followed', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(bodyErrors({ ...good, other: deep })).toEqual({});
    expect(bodyErrors({ ...good, metadata: { a: deep } })).toEqual({
      'metadata.a': 'must be a string, a number, a boolean or null',
      metadata: 'is nested too deeply',
    });
  });

  test('ids travel on in lower case', () => {
    const { body } = check(post, { body: { ...good, creator_id: id.toUpperCase(), ids: [id.toUpperCase()] } });
    expect(body).toMatchObject({ creator_id: id, ids: [id] });
  });
});

describe('§2.1 PATCH', () => {
  const params = { account_id: id };

  test.each([
    [{}, { body: 'must have at least one member' }],
    [{ username: 'x' }, { username: 'is not a known member' }],
    [JSON.parse('{"__proto__":{"active":true}}'), JSON.parse('{"__proto__":"is not a known member"}')],
    [
      { active: true, a: 1, b: 2 },
      { a: 'is not a known member', b: 'is not a known member' },
    ],
  ])('%j → %j', (body, expected) => {
    expect(errorsOf(patch, { params, body })).toEqual(expected);
  });

  test('a malformed id in the path is 404, before anything else', () => {
    expect(() => check(patch, { params: { account_id: 'top' }, body: {} })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
  });

  test('an id in the path may have any case', () => {
    const input = check(patch, { params: { account_id: id.toUpperCase() }, body: { active: true } });
    expect(input.params).toEqual({ account_id: id });
  });
});

describe('a body far beyond every bound', () => {
  const many = (entry: unknown): unknown[] => Array.from({ length: 30_000 }, () => entry);
  const named = (entry: unknown): object => Object.fromEntries(many(entry).map((value, i) => [`k${i}`, value]));

  test.each([
    ['a list of wrong ids', { ids: many('') }, 'ids', 'must contain between 1 and 2 items'],
    ['a list of good ones', { ids: many(id) }, 'ids', 'must contain between 1 and 2 items'],
    ['an object', { metadata: named([]) }, 'metadata', 'must contain at most 20 keys'],
  ])('%s is refused for its size alone', (_, members, field, message) => {
    expect(errorsOf(post, { body: { ...good, ...members } })).toEqual({ [field]: message });
  });

  test('unknown members are refused by the first, and what cannot be stored by a hundred', () => {
    expect(Object.keys(errorsOf(patch, { params: { account_id: id }, body: named(1) }))).toHaveLength(1);
    const errors = errorsOf(post, { body: { ...good, metadata: { a: many('\0') } } });
    expect(Object.keys(errors).length).toBeLessThanOrEqual(102);
  });
});

describe('Idempotency-Key', () => {
  /** As Node hands over a header that was sent in UTF-8. */
  const onWire = (text: string) => Buffer.from(text).toString('latin1');

  test.each([
    ['k'.repeat(255), {}],
    ['k'.repeat(256), { 'Idempotency-Key': 'must be at most 255 characters long' }],
    [onWire('é🙂'.repeat(127)), {}],
    [onWire('é'.repeat(256)), { 'Idempotency-Key': 'must be at most 255 characters long' }],
    ['\xe9'.repeat(255), {}],
    ['\xe9'.repeat(256), { 'Idempotency-Key': 'must be at most 255 characters long' }],
    [' '.repeat(300), {}],
    [undefined, {}],
  ])('%j → %j', (key, expected) => {
    expect(errorsOf(post, { body: good, headers: { 'idempotency-key': key } })).toEqual(expected);
  });
});

test('semantic errors join those of the schema, which come first and once per field', () => {
  const definition: Definition = {
    ...list,
    validate: () => [
      { field: 'limit', message: 'second' },
      { field: 'cursor', message: 'is not a valid cursor for this request' },
    ],
  };
  expect(errorsOf(definition, { query: { limit: '0' } })).toEqual({
    limit: 'must be between 1 and 200',
    cursor: 'is not a valid cursor for this request',
  });
});
