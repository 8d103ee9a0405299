import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { testApp } from '../../test/support/app.ts';
import { checkedInject } from '../../test/support/contract.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization } from '../../test/support/organization.ts';

const { db } = await testDatabase();
const { apiKey } = await createOrganization(db);
const app = await testApp(db);
afterAll(() => app.close());

interface Property {
  enum?: string[];
  type?: string | string[];
}

interface Operation {
  parameters?: { in: string; name: string; schema: Property }[];
  requestBody?: { content: Record<string, { schema: { $ref: string } }> };
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties: Record<string, Property> }> };
}

const document = JSON.parse(JSON.stringify(app.swagger())) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
    method.toUpperCase(),
    path,
    operation,
  ]),
);

// Unlucky text: what other systems trip over, and values that are nearly right.
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1',
    '9007199254740993',
    '1e9',
    'NaN',
    'null',
    'true',
    '2026-02-30',
    '2026-03-01',
    '%',
    "'",
    '\0',
  ),
  fc.constantFrom('custom', '7d', '9999-12-31T23:59:59Z', '0000-01-01', '\ud800', '\u202e', 'x'.repeat(3000)),
  fc.uuid(),
);
const member = (property: Property): fc.Arbitrary<unknown> =>
  fc.oneof(text, fc.jsonValue(), fc.integer(), ...(property.enum ? [fc.constantFrom(...property.enum)] : []));

function requests(method: string, path: string, operation: Operation): fc.Arbitrary<InjectOptions> {
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const queryValues = fc.record(
    Object.fromEntries(
      query.map(({ name, schema }) => [name, schema.enum ? fc.oneof(text, fc.constantFrom(...schema.enum)) : text]),
    ),
    { requiredKeys: [] },
  );
  const ids = fc.array(fc.oneof(fc.uuid(), text), { minLength: 2, maxLength: 2 });
  const bodyRef = operation.requestBody?.content['application/json']?.schema.$ref.split('/').at(-1) ?? '';
  const members = document.components.schemas[bodyRef]?.properties ?? {};
  const payload = fc.oneof(
    fc.record(Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, member(schema)])), {
      requiredKeys: [],
    }),
    fc.jsonValue(),
  );
  return fc.tuple(queryValues, ids, payload, fc.option(text)).map(([values, [first = '', second = ''], body, key]) => {
    const filled = path.replace(/\{[a-z_]+\}/, () => encode(first)).replace(/\{[a-z_]+\}/, () => encode(second));
    const search = Object.entries(values).map(([name, value]) => `${name}=${encode(String(value))}`);
    const hasBody = operation.requestBody !== undefined;
    return {
      method,
      url: `/v2${filled}?${search.join('&')}`,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...(key === null ? {} : { 'idempotency-key': encode(key) }),
      },
      ...(hasBody ? { payload: JSON.stringify(body) } : {}),
    };
  });
}

// A slash or an empty id makes another path, which is not what is asked here.
const encode = (value: string): string => encodeURIComponent(value.toWellFormed()).replaceAll('%2F', '_') || '_';

test.each(operations)(
  '%s %s answers anything as the contract says, never with 500',
  async (method, path, operation) => {
    await fc.assert(
      fc.asyncProperty(requests(method, path, operation), async (request) => {
        const answer = await checkedInject(app, request);
        expect(answer.statusCode).toBeLessThan(500);
      }),
      { numRuns: 40 },
    );
  },
);
