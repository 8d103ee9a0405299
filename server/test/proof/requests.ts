import fc from 'fast-check';
import type { ApiOperation, Parameter, Schema } from './document.ts';
import { groupsOf, type Members } from './groups.ts';
import type { IdRef } from './known-ids.ts';
import { anything, idRef, malformedIds, validValue, type Wrong, wrongValue } from './values.ts';

/** What the answer to a request must be. */
export type Expectation =
  /** Success; 404 where an id is not the organization's; a conflict. */
  | { kind: 'valid' }
  /** 422 that names exactly one of these fields. */
  | { kind: 'invalid'; fields: readonly string[] }
  | { kind: 'refused'; status: number }
  /** Whatever is declared, but never a defect. */
  | { kind: 'any' };

/** A request with ids still to be chosen. */
export interface Draft {
  params: Record<string, IdRef | string>;
  query: Members;
  headers: Record<string, string>;
  /** Absent: no body. A Buffer is sent as it is, all else as JSON. */
  body?: unknown;
  expect: Expectation;
}

/** Every kind of request of an operation. */
export function drafts(operation: ApiOperation): fc.Arbitrary<Draft> {
  const valid = validDraft(operation);
  const wrong = wrongDrafts(operation).map((mutation) =>
    fc.tuple(valid, mutation).map(([draft, mutate]) => mutate(draft)),
  );
  return fc.oneof(
    { weight: 10, arbitrary: valid },
    ...(wrong.length === 0 ? [] : [{ weight: 9, arbitrary: fc.oneof(...wrong) }]),
    { weight: 2, arbitrary: fc.tuple(valid, headerRefusals(operation)).map(([draft, mutate]) => mutate(draft)) },
    { weight: 4, arbitrary: anyDraft(operation) },
  );
}

type Mutate = (draft: Draft) => Draft;

function validDraft(operation: ApiOperation): fc.Arbitrary<Draft> {
  return fc.record({
    params: fc.record(Object.fromEntries(operation.ids.map((name) => [name, idRef(name)]))),
    query: inputs(
      operation.query.filter(({ name }) => name !== 'cursor'),
      false,
    ),
    headers: validHeaders(operation),
    ...(operation.body === null ? {} : { body: bodyOf(operation.body) }),
    expect: fc.constant({ kind: 'valid' as const }),
  });
}

function bodyOf(schema: Schema): fc.Arbitrary<Members> {
  const parameters = parametersOf(schema);
  const isClosed = schema.additionalProperties === false;
  // PATCH needs a member; elsewhere unknown ones are ignored.
  const filled = inputs(parameters, (schema.minProperties ?? 0) > 0);
  const unknown = fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: unknownMembers });
  return isClosed ? filled : fc.tuple(filled, unknown).map(([known, rest]) => ({ ...rest, ...known }));
}

const unknownMembers = fc.constantFrom<Members>({ x_unknown: { a: [1, '\0'] } }, { Platform: 'x', __v: null });

const parametersOf = (schema: Schema): Parameter[] =>
  Object.entries(schema.properties ?? {}).map(([name, member]) => ({
    in: 'query',
    name,
    schema: member,
    required: schema.required?.includes(name) ?? false,
  }));

function inputs(parameters: readonly Parameter[], needsOne: boolean): fc.Arbitrary<Members> {
  const groups = groupsOf(parameters.map(({ name }) => name));
  const grouped = new Set(groups.flatMap(({ members, valid }) => (valid === undefined ? [] : members)));
  const single = parameters.filter(({ name }) => !grouped.has(name));
  const required = single.filter((parameter) => parameter.required === true).map(({ name }) => name);
  const isAnyIdEnough = parameters.some(({ name }) => name === 'instagram_post_ids');
  return fc
    .tuple(
      fc.record(Object.fromEntries(single.map(({ name, schema }) => [name, validValue(name, schema)])), {
        requiredKeys: required,
      }),
      ...groups.flatMap(({ valid }) => (valid === undefined ? [] : [valid])),
    )
    .map((parts) => Object.assign({}, ...parts) as Members)
    .filter((members) => !needsOne || Object.keys(members).length > 0)
    .filter((members) => !isAnyIdEnough || idCount(members) >= 1);
}

const idCount = (members: Members): number =>
  [members.instagram_post_ids, members.tiktok_video_ids].flatMap((ids) => (Array.isArray(ids) ? ids : [])).length;

function validHeaders(operation: ApiOperation): fc.Arbitrary<Record<string, string>> {
  const sometimes = (values: readonly string[]) => fc.option(fc.constantFrom(...values), { freq: 3 });
  const offered: Record<string, fc.Arbitrary<string | null>> = {
    accept: sometimes(['application/json', '*/*', 'application/*;q=0.1', 'text/html, application/json;q=0.2', '']),
    'x-request-id': sometimes(['abc-1', 'A.b_c-9', 'x'.repeat(128), 'has space', 'x'.repeat(129), 'ünï', '']),
  };
  if (operation.method === 'GET') offered['if-none-match'] = sometimes(['"nothing"', 'W/"x", "y"', '*', 'garbage']);
  if (operation.body !== null) {
    offered['content-type'] = fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON',
    );
  }
  if (operation.headers.includes('Idempotency-Key')) {
    offered['idempotency-key'] = fc.option(
      fc.oneof(
        fc.uuid(),
        fc.uuid().map((id) => id.padEnd(255, 'k')),
      ),
      { freq: 2 },
    );
  }
  return fc
    .record(offered)
    .map((headers) => Object.fromEntries(Object.entries(headers).flatMap(([k, v]) => (v === null ? [] : [[k, v]]))));
}

/** Each takes a valid request and makes exactly one thing wrong. */
function wrongDrafts(operation: ApiOperation): fc.Arbitrary<Mutate>[] {
  const mutations: fc.Arbitrary<Mutate>[] = operation.ids.map((name) =>
    fc.constantFrom(...malformedIds.filter((id) => id !== '')).map((id) => (draft) => ({
      ...draft,
      params: { ...draft.params, [name]: id },
      expect: { kind: 'refused', status: 404 },
    })),
  );
  const withQuery =
    (change: Members, fields: readonly string[]): Mutate =>
    (draft) => ({
      ...draft,
      query: { ...draft.query, ...change },
      expect: { kind: 'invalid', fields },
    });
  for (const { name, schema } of operation.query) {
    if (isWindowDate(operation.query, name)) continue;
    mutations.push(wrongText(name, schema).map((value) => withQuery({ [name]: value }, [name])));
  }
  for (const { wrong, members } of groupsOf(operation.query.map(({ name }) => name))) {
    mutations.push(wrong.map((found) => withQuery({ ...none(members), ...found.members }, found.fields)));
  }
  for (const { name, required } of operation.query)
    if (required) mutations.push(fc.constant(withQuery({ [name]: undefined }, [name])));
  return operation.body === null ? mutations : [...mutations, ...wrongBodies(operation.body)];
}

const none = (members: readonly string[]): Members => Object.fromEntries(members.map((member) => [member, undefined]));

// With a preset they are ignored, whatever they say; the group has what is wrong without one.
const isWindowDate = (inputs: readonly Parameter[], name: string): boolean =>
  /^(start|end)_date$/.test(name) && inputs.some((input) => input.name === 'period');

/** Query text that must be refused. */
function wrongText(name: string, schema: Schema): fc.Arbitrary<unknown> {
  const { type, format, minimum, maximum, maxLength } = schema;
  const wrong: unknown[] = ['\0', ['1', '1'], ['', 'x']];
  if (schema.enum) wrong.push('', 'x', String(schema.enum[0]).toUpperCase(), `${String(schema.enum[0])} `);
  else if (format === 'uuid') wrong.push(...malformedIds);
  else if (format === 'trimmed-128') wrong.push('x'.repeat(129), '𝕏'.repeat(129));
  else if (type === 'integer') wrong.push('', 'x', '1.5', ' 5', '1e1', '0x10', '+5', '9'.repeat(25), '５');
  else if (type === 'boolean') wrong.push('', 'x', '2', 'yes', 'null', 'constructor');
  if (minimum !== undefined) wrong.push(String(minimum - 1), '-1');
  if (maximum !== undefined) wrong.push(String(maximum + 1));
  if (maxLength !== undefined) wrong.push('x'.repeat(maxLength + 1), '𝕏'.repeat(maxLength + 1));
  if (name === 'cursor') wrong.push('', 'x', 'e30', 'bm90IGEgY3Vyc29y', 'x'.repeat(5000));
  return fc.constantFrom(...wrong);
}

function wrongBodies(schema: Schema): fc.Arbitrary<Mutate>[] {
  const withBody =
    (change: (body: Members) => unknown, fields: readonly string[]): Mutate =>
    (draft) => ({
      ...draft,
      body: change(draft.body as Members),
      expect: { kind: 'invalid', fields },
    });
  const parameters = parametersOf(schema);
  const mutations: fc.Arbitrary<Mutate>[] = [
    fc.constantFrom<unknown>(null, [], 'text', 7, [{}]).map((body) => withBody(() => body, ['body'])),
  ];
  for (const { name, schema: member, required } of parameters) {
    const set = ({ value, at }: Wrong): Mutate => withBody((body) => ({ ...body, [name]: value }), [`${name}${at}`]);
    if (!isWindowDate(parameters, name)) mutations.push(wrongValue(name, member).map(set));
    if (required)
      mutations.push(fc.constant(withBody((body) => withoutUndefined({ ...body, [name]: undefined }), [name])));
  }
  for (const { wrong, members } of groupsOf(parameters.map(({ name }) => name))) {
    mutations.push(
      wrong.map((found) =>
        withBody((body) => withoutUndefined({ ...body, ...none(members), ...found.members }), found.fields),
      ),
    );
  }
  if (schema.additionalProperties === false) {
    for (const name of ['x_unknown', '__proto__', 'platform', 'a\0b']) {
      const unknown = JSON.parse(`{${JSON.stringify(name)}: 1}`) as Members;
      mutations.push(fc.constant(withBody((body) => ({ ...body, ...unknown }), [name])));
    }
  }
  if ((schema.minProperties ?? 0) > 0) mutations.push(fc.constant(withBody(() => ({}), ['body'])));
  return mutations;
}

const withoutUndefined = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** Refusals that no field is at fault for (contract §2.3), each of an otherwise valid request. */
function headerRefusals(operation: ApiOperation): fc.Arbitrary<Mutate> {
  const refuse =
    (status: number, headers: Record<string, string>, body?: Buffer): Mutate =>
    (draft) => ({
      ...draft,
      headers: { ...draft.headers, ...headers },
      ...(body === undefined ? {} : { body }),
      expect: { kind: 'refused', status },
    });
  const found: Mutate[] = [];
  if (operation.needsKey) {
    const wrongKeys = ['', 'Bearer', 'Bearer x', `Bearer tga_${'0'.repeat(64)}`, 'Basic dTpw', `tga_${'0'.repeat(64)}`];
    found.push(...wrongKeys.map((authorization) => refuse(401, { authorization })));
  }
  if (operation.statuses.includes(406))
    found.push(
      ...['text/html', 'application/json;q=0', 'image/*', 'constructor'].map((accept) => refuse(406, { accept })),
    );
  if (operation.body !== null || operation.method === 'PUT') {
    const payload = Buffer.from('{}');
    found.push(
      ...[
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/json; charset=latin1',
        'application/jsonp',
      ].map((type) => refuse(415, { 'content-type': type }, payload)),
    );
  }
  if (operation.body !== null) {
    const broken = ['{', '{"a":1}}', "{'a':1}", '{"a":01}', 'undefined', '{"a":"\t"}'];
    found.push(...broken.map((text) => refuse(400, { 'content-type': 'application/json' }, Buffer.from(text))));
    found.push(
      refuse(400, { 'content-type': 'application/json' }, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
    );
    found.push(refuse(413, { 'content-type': 'application/json' }, Buffer.alloc(1024 * 1024 + 1, ' ')));
  }
  if (operation.headers.includes('Idempotency-Key')) {
    found.push((draft) => ({
      ...draft,
      headers: { ...draft.headers, 'idempotency-key': 'k'.repeat(256) },
      expect: { kind: 'invalid', fields: ['Idempotency-Key'] },
    }));
  }
  return found.length === 0
    ? fc.constant((draft) => ({ ...draft, expect: { kind: 'any' } }))
    : fc.constantFrom(...found);
}

const anyText = anything.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));

/** Anything anywhere. */
function anyDraft(operation: ApiOperation): fc.Arbitrary<Draft> {
  const id = (name: string) => fc.oneof(idRef(name), anyText);
  const some = (names: readonly string[], value: (name: string) => fc.Arbitrary<unknown>) =>
    fc.record(Object.fromEntries(names.map((name) => [name, value(name)])), { requiredKeys: [] });
  const memberNames = Object.keys(operation.body?.properties ?? {});
  const header = fc.stringMatching(/^[\x20-\x7e]{0,60}$/);
  return fc.record({
    params: fc.record(Object.fromEntries(operation.ids.map((name) => [name, id(name)]))),
    query: some([...operation.query.map(({ name }) => name), 'x_unknown'], () => anyText),
    headers: some(['accept', 'x-request-id', 'if-none-match', 'idempotency-key'], () => header) as fc.Arbitrary<
      Record<string, string>
    >,
    ...(operation.body === null
      ? {}
      : {
          body: fc.oneof(
            some(memberNames, () => anything),
            anything,
            fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
          ),
        }),
    expect: fc.constant({ kind: 'any' as const }),
  });
}
