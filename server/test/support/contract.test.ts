import { afterAll, expect, test } from 'vitest';
import { conflict } from '../../src/contract/problem.ts';
import { single, Uuid } from '../../src/contract/v2/conventions.ts';
import type { Definition, Outcome } from '../../src/http/v2/definition.ts';
import { operation } from '../../src/http/v2/operation.ts';
import { testAppWith } from './app.ts';
import { checkedInject } from './contract.ts';
import { idleDb } from './idle-db.ts';

const answers: Record<string, () => Outcome> = {
  right: () => ({ body: { data: '01a1fb87-c21b-7af4-b46d-338a22b86c44' } }),
  misshapen: () => ({ body: { data: 'no uuid' } }),
  undeclared: () => {
    throw conflict('Never declared.');
  },
};

const app = await testAppWith(idleDb(), {}, (routes, deps) => {
  for (const [name, answer] of Object.entries(answers)) {
    const definition: Definition = {
      id: `get_${name}`,
      method: 'GET',
      path: `/${name}`,
      tag: 'System',
      scope: 'none',
      summary: name,
      success: 200,
      response: single(Uuid),
      errors: [],
    };
    operation(routes, deps, definition, async () => answer());
  }
});
afterAll(() => app.close());

test('an answer as declared passes', async () => {
  expect((await checkedInject(app, { url: '/v2/right' })).statusCode).toBe(200);
});

test.each([
  ['misshapen', 'body/data must match format "uuid"'],
  ['undeclared', 'the status is not declared'],
])('an answer that is %s fails the test', async (name, message) => {
  await expect(checkedInject(app, { url: `/v2/${name}` })).rejects.toThrow(message);
});
