import { Type } from 'typebox';
import { afterAll, expect, test } from 'vitest';
import { conflict } from '../../src/contract/problem.ts';
import { Count, single, Uuid } from '../../src/contract/v2/conventions.ts';
import type { Definition, Outcome } from '../../src/http/v2/definition.ts';
import { operation } from '../../src/http/v2/operation.ts';
import { testAppWith } from './app.ts';
import { checkedInject } from './contract.ts';
import { idleDb } from './idle-db.ts';

const answers: Record<string, () => Outcome> = {
  right: () => ({ body: { data: '01a1fb87-c21b-7af4-b46d-338a22b86c44' } }),
  // The serialiser would make 0 of it.
  silent: () => ({ body: { data: { count: null } } }),
  misshapen: () => ({ body: { data: 'no uuid' } }),
  undeclared: () => {
    throw conflict('Never declared.');
  },
};

const routes: Parameters<typeof testAppWith>[2] = (routes, deps) => {
  for (const [name, answer] of Object.entries(answers)) {
    const definition: Definition = {
      id: `get_${name}`,
      method: 'GET',
      path: `/${name}`,
      tag: 'System',
      scope: 'none',
      summary: name,
      success: 200,
      response: name === 'silent' ? single(Type.Object({ count: Count })) : single(Uuid),
      errors: [],
    };
    operation(routes, deps, definition, async () => answer());
  }
};
const strictApp = await testAppWith(idleDb(), {}, routes);
const app = await testAppWith(idleDb(), { inspectAnswer: () => undefined }, routes);
afterAll(() => Promise.all([app.close(), strictApp.close()]));

test('an answer as declared passes', async () => {
  expect((await checkedInject(app, { url: '/v2/right' })).statusCode).toBe(200);
});

test.each([
  ['misshapen', 'body/data must match format "uuid"'],
  ['undeclared', 'the status is not declared'],
])('an answer that is %s fails the test', async (name, message) => {
  await expect(checkedInject(app, { url: `/v2/${name}` })).rejects.toThrow(message);
});

test('an answer that the serialiser would make right is a defect', async () => {
  expect((await checkedInject(app, { url: '/v2/silent' })).json()).toEqual({ data: { count: 0 } });
  expect((await checkedInject(strictApp, { url: '/v2/silent' })).statusCode).toBe(500);
});
