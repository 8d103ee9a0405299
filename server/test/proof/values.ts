import fc from 'fast-check';
import type { Schema } from './document.ts';
import { IdRef, kindOf } from './known-ids.ts';

/** Values of a schema, at its bounds and beyond them. Text that Postgres and other systems trip over is everywhere. */

/** A value that must be refused, and where below its member: '' or `.tags`. */
export interface Wrong {
  value: unknown;
  at: string;
}

const oddUnicode = [
  'İıßſ',
  'العربية',
  '日本語',
  '👩‍👩‍👧‍👦',
  'e\u0301',
  '\u202e\u200b',
  "'; drop table accounts; --",
  '%_\\',
  '\ufffd',
];
const character = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom(...oddUnicode) },
);

/** `count` characters as the schema counts them: code points. */
export const cut = (text: string, count: number): string => Array.from(text).slice(0, count).join('');

function text(minimum: number, maximum: number): fc.Arbitrary<string> {
  const padded = (value: string) => cut(value, maximum).padEnd(minimum, 'x');
  return fc.oneof(
    { weight: 6, arbitrary: fc.array(character, { maxLength: 12 }).map((parts) => padded(parts.join(''))) },
    { weight: 1, arbitrary: fc.constantFrom('x'.repeat(minimum), 'x'.repeat(maximum), '𝕏'.repeat(maximum)) },
  );
}

const longestText = 400;

export const idRef = (member: string): fc.Arbitrary<IdRef> =>
  fc
    .tuple(
      fc.oneof(
        { weight: 6, arbitrary: fc.constant('own' as const) },
        { weight: 1, arbitrary: fc.constantFrom('foreign' as const, 'deleted' as const, 'unknown' as const) },
      ),
      fc.nat(10_000),
      fc.boolean(),
    )
    .map(([whose, at, isUpperCase]) => new IdRef(kindOf(member) ?? 'account', whose, at, isUpperCase));

export const typesOf = ({ type }: Schema): string[] => (Array.isArray(type) ? type : [type ?? 'string']);

export function validValue(member: string, schema: Schema): fc.Arbitrary<unknown> {
  const [type, ...others] = typesOf(schema);
  const value = valueOf(member, schema, type ?? 'string');
  return others.includes('null')
    ? fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) })
    : value;
}

function valueOf(member: string, schema: Schema, type: string): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.format === 'uuid') return idRef(member);
  switch (type) {
    case 'integer':
      return kindOf(member) === null ? integer(schema) : idRef(member);
    case 'number':
      return number(schema);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return list(member, schema);
    case 'object':
      return members(schema);
    default:
      return type === 'null' ? fc.constant(null) : plainText(schema);
  }
}

/** Where text must not be empty, blank is no better. */
function plainText({ format, minLength = 0, maxLength = longestText }: Schema): fc.Arbitrary<string> {
  if (format === 'trimmed-128') return text(0, 128).map((found) => `  ${found}\t`);
  const value = text(minLength, maxLength);
  return minLength === 0 ? value : value.map((found) => (found.trim() === '' ? 'x' : found));
}

function integer({ minimum = -1_000_000, maximum = 1_000_000 }: Schema): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(minimum, maximum), fc.integer({ min: minimum, max: maximum }));
}

function number({ minimum = -1_000_000, maximum = 1_000_000 }: Schema): fc.Arbitrary<number> {
  const double = fc.double({ min: minimum, max: maximum, noNaN: true });
  return fc.oneof(fc.constantFrom(minimum, maximum, 0.1), double, fc.integer());
}

function list(member: string, { items = {}, minItems = 0, maxItems = 20 }: Schema): fc.Arbitrary<unknown[]> {
  const item = validValue(member, items);
  return fc.oneof(
    { weight: 6, arbitrary: fc.array(item, { minLength: minItems, maxLength: Math.min(maxItems, 6) }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(minItems, maxItems).chain((n) => fc.array(item, { minLength: n, maxLength: n })),
    },
  );
}

const memberName = text(1, 255);
/** Free members: `metadata`. */
function members({ maxProperties = 20, additionalProperties }: Schema): fc.Arbitrary<Record<string, unknown>> {
  const schema = typeof additionalProperties === 'object' ? additionalProperties : {};
  const simple = fc.oneof(...typesOf(schema).map((type) => valueOf('', schema, type)));
  return fc.oneof(
    { weight: 4, arbitrary: fc.dictionary(memberName, simple, { maxKeys: 5 }) },
    { weight: 1, arbitrary: fc.dictionary(memberName, simple, { minKeys: maxProperties, maxKeys: maxProperties }) },
  );
}

// What every object of JavaScript has.
const inherited = ['__proto__', 'constructor', 'toString'];
const unstorable = ['a\0b', '\ud800', 'x\udc00y'];
const ofAnyType: [string, unknown][] = [
  ['null', null],
  ['boolean', true],
  ['integer', 7],
  ['number', 1.5],
  ['string', '7'],
  ['array', []],
  ['array', [[]]],
  ['object', {}],
  ['object', { a: { b: 1 } }],
];

/** What the schema of a body's member refuses. */
export function wrongValue(member: string, schema: Schema): fc.Arbitrary<Wrong> {
  const types = typesOf(schema);
  const here = (value: unknown): Wrong => ({ value, at: '' });
  const ofOtherType = ofAnyType.filter(
    ([type]) => !types.includes(type) && !(type === 'integer' && types.includes('number')),
  );
  return fc.oneof(
    fc.constantFrom(...ofOtherType.map(([, value]) => here(value))),
    ...beyondBounds(member, schema, types),
  );
}

function beyondBounds(member: string, schema: Schema, types: readonly string[]): fc.Arbitrary<Wrong>[] {
  const here = (...values: unknown[]) => fc.constantFrom(...values.map((value): Wrong => ({ value, at: '' })));
  if (schema.enum) return [here('', 'Instagram', 'x'.repeat(300), ...inherited, ...unstorable)];
  if (schema.format === 'uuid') return [here(...malformedIds)];
  if (types.includes('string')) {
    return [
      here(...unstorable),
      ...(schema.maxLength === undefined
        ? []
        : [here('x'.repeat(schema.maxLength + 1), '𝕏'.repeat(schema.maxLength + 1))]),
      ...((schema.minLength ?? 0) > 0 ? [here('')] : []),
    ];
  }
  if (types.includes('integer')) {
    const { minimum, maximum } = schema;
    return [
      here(
        ...(minimum === undefined ? [] : [minimum - 1, -(2 ** 53)]),
        ...(maximum === undefined ? [] : [maximum + 1, 2 ** 53]),
        1e300,
      ),
    ];
  }
  if (types.includes('array')) return wrongLists(member, schema);
  return types.includes('object') ? [wrongMembers] : [];
}

function wrongLists(member: string, { items = {}, minItems = 0, maxItems }: Schema): fc.Arbitrary<Wrong>[] {
  const item = validValue(member, items);
  const wrongs: fc.Arbitrary<Wrong>[] = [
    fc
      .tuple(fc.array(item, { maxLength: 3 }), wrongValue(member, items))
      .map(([before, { value, at }]) => ({ value: [...before, value], at: `.${before.length}${at}` })),
  ];
  const ofLength = (n: number) =>
    fc.array(item, { minLength: n, maxLength: n }).map((value): Wrong => ({ value, at: '' }));
  if (minItems > 0) wrongs.push(ofLength(minItems - 1));
  if (maxItems !== undefined) wrongs.push(ofLength(maxItems + 1));
  return wrongs;
}

const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

/** Metadata (contract §2.13). A name that is refused is told with `metadata.<name>`. */
const wrongMembers: fc.Arbitrary<Wrong> = fc.oneof(
  fc.constantFrom<Wrong>(
    { value: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, i])), at: '' },
    { value: { fine: 1, tags: ['a'] }, at: '.tags' },
    { value: { tags: { a: 1 } }, at: '.tags' },
    { value: { tags: 'x'.repeat(256) }, at: '.tags' },
    { value: { tags: 2 ** 53 }, at: '.tags' },
    { value: { tags: 'a\0b' }, at: '.tags' },
    { value: { ['k'.repeat(256)]: 1 }, at: `.${'k'.repeat(256)}` },
  ),
);

export const malformedIds = [
  'constructor',
  '',
  'x',
  '0',
  'null',
  '00000000-0000-0000-0000-00000000000',
  'urn:uuid:00000000-0000-7000-8000-000000000000',
  '{00000000-0000-7000-8000-000000000000}',
  '00000000000070008000000000000000',
  '00000000-0000-7000-8000-00000000000g',
];

/** Anything that JSON can say. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...oddUnicode,
    ...inherited,
    ...unstorable,
    ...malformedIds,
    '9007199254740993',
    '1e9',
    'NaN',
    '2026-02-30',
    '9999-12-31T23:59:59Z',
    '\0',
    'x'.repeat(3000),
    deep(2000),
    2 ** 53,
    -0,
    1e308,
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);
