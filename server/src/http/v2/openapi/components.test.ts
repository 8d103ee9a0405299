import { expect, test } from 'vitest';
import { liftErrorResponses, liftTitledSchemas } from './components.ts';

test('titled schemas move to components, also inside of each other', () => {
  const inner = () => ({ type: 'string', title: 'Inner' });
  const document = { a: { schema: { type: 'object', title: 'Outer', properties: { title: inner() } } }, b: [inner()] };
  expect(liftTitledSchemas(document)).toEqual({
    Inner: { type: 'string', title: 'Inner' },
    Outer: { type: 'object', title: 'Outer', properties: { title: { $ref: '#/components/schemas/Inner' } } },
  });
  expect(document).toEqual({
    a: { schema: { $ref: '#/components/schemas/Outer' } },
    b: [{ $ref: '#/components/schemas/Inner' }],
  });
});

test('one title for two different schemas is refused', () => {
  const document = { a: { type: 'string', title: 'Same' }, b: { type: 'integer', title: 'Same' } };
  expect(() => liftTitledSchemas(document)).toThrow('Two different schemas are called Same');
});

test('equal error answers become one; successes stay', () => {
  const ok = { description: 'OK' };
  const missing = (description: string) => ({ description });
  const operations = [
    { responses: { 200: ok, 404: missing('account') } },
    { responses: { 404: missing('creator') } },
    { responses: { 404: missing('account') } },
  ];
  expect(liftErrorResponses(operations)).toEqual({ NotFound: missing('account'), NotFound2: missing('creator') });
  expect(operations).toEqual([
    { responses: { 200: ok, 404: { $ref: '#/components/responses/NotFound' } } },
    { responses: { 404: { $ref: '#/components/responses/NotFound2' } } },
    { responses: { 404: { $ref: '#/components/responses/NotFound' } } },
  ]);
});
