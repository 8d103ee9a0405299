import { expect, test } from 'vitest';
import { liftTitledSchemas } from './components.ts';

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
