import type { LightMyRequestResponse } from 'fastify';
import { afterAll, describe, expect, test } from 'vitest';
import { type ApiOperation, operationsOf } from '../../test/proof/document.ts';
import { today } from '../../test/proof/groups.ts';
import { type Ids, leastRequest, type Slot, slotsOf } from '../../test/proof/id-slots.ts';
import { IdRef, KnownIds, type Whose } from '../../test/proof/known-ids.ts';
import { seed } from '../../test/proof/seed.ts';
import { apiOf } from '../../test/support/api.ts';
import { testApp } from '../../test/support/app.ts';
import { TestClock } from '../../test/support/clock.ts';
import { checkedInject } from '../../test/support/contract.ts';
import { testDatabase } from '../../test/support/database.ts';
import { operationIndex } from '../../test/support/operation-index.ts';
import { createOrganization } from '../../test/support/organization.ts';

// §2.2: an id of another organization acts exactly like an absent one. Every operation is asked with both, wherever it takes an id.

const { db } = await testDatabase();
const app = await testApp(db, { clock: new TestClock(`${today}T12:00:00Z`) });
afterAll(() => app.close());

const operations = operationsOf((await app.inject('/v2/openapi.json')).json());
const [owner, stranger] = [await createOrganization(db, 'Owner'), await createOrganization(db, 'Stranger')];
const ids = new KnownIds();
for (const [whose, { organizationId, apiKey }] of [
  ['foreign', owner],
  ['own', stranger],
] as const) {
  await seed(db, { whose, organizationId, api: apiOf(app, apiKey) }, ids);
}

const send = (operation: ApiOperation, chosen: Ids, apiKey = stranger.apiKey): Promise<LightMyRequestResponse> =>
  checkedInject(app, { ...leastRequest(operation, chosen), headers: { authorization: `Bearer ${apiKey}` } });

const idOf = (whose: Whose, slot: Slot, at = 0) => ids.choose(new IdRef(slot.kind, whose, at, false)).id;
const choose = (whose: readonly (readonly [Slot, Whose])[]): Ids =>
  new Map(whose.map(([slot, from]) => [slot, idOf(from, slot)]));

/** What an answer says, with the ids of the request as places. */
function anonymous(answer: LightMyRequestResponse, chosen: Ids): object {
  const without = (text: string): string =>
    [...chosen.values()].reduce<string>((rest, id, place) => rest.replaceAll(String(id), `<${place}>`), text);
  const { 'x-request-id': requestId, etag, ...headers } = answer.headers;
  const moving = /^(x-ratelimit-.*|date|content-length)$/;
  for (const name of Object.keys(headers)) if (moving.test(name)) delete headers[name];
  expect([typeof requestId, answer.statusCode < 500]).toEqual(['string', true]);
  return {
    status: answer.statusCode,
    headers: JSON.parse(without(JSON.stringify(headers))),
    hasEtag: etag !== undefined,
    body: without(answer.body.replaceAll(String(requestId), '')),
  };
}

/** Which slots hold another's id: each of the path and all together; then each other one beside a path of one's own. */
function mixtures(slots: readonly Slot[]): (readonly (readonly [Slot, 'own' | 'other'])[])[] {
  const path = slots.filter(({ place }) => place === 'path');
  const own = path.map((slot) => [slot, 'own'] as const);
  const each = path.map((foreign) => path.map((slot) => [slot, slot === foreign ? 'other' : 'own'] as const));
  const all = path.length > 1 ? [path.map((slot) => [slot, 'other'] as const)] : [];
  const rest = slots.filter(({ place }) => place !== 'path').map((slot) => [...own, [slot, 'other'] as const]);
  return [...each, ...all, ...rest];
}

const cases = operations.flatMap((operation) =>
  mixtures(slotsOf(operation)).map(
    (mixture) =>
      [
        `${operation.id}: ${mixture.map(([{ name }, whose]) => `${whose} ${name}`).join(', ')}`,
        operation,
        mixture,
      ] as const,
  ),
);

const kept = async () => {
  const paths = [
    '/accounts?limit=200',
    '/creators?limit=200',
    '/videos?limit=200',
    '/account-videos?limit=200',
    '/analytics',
  ];
  const api = apiOf(app, owner.apiKey);
  return Promise.all(paths.map(async (path) => (await api.get(path)).body));
};
const before = await kept();

test('every operation of the contract is served, and so is asked here', () => {
  expect(operations.map(({ id }) => id).toSorted()).toEqual(operationIndex.map(({ id }) => id).toSorted());
});

describe("another organization's ids answer as unknown ones, byte for byte", () => {
  test.each(cases)('%s', async (_name, operation, mixture) => {
    const [foreign, unknown] = (['foreign', 'unknown'] as const).map((other) =>
      choose(mixture.map(([slot, whose]) => [slot, whose === 'own' ? 'own' : other])),
    );
    if (foreign === undefined || unknown === undefined) throw new Error('nothing was chosen');
    const [found, expected] = [await send(operation, foreign), await send(operation, unknown)];
    expect(anonymous(found, foreign)).toEqual(anonymous(expected, unknown));
    const isNamed = mixture.some(
      ([{ place, name }, whose]) => whose === 'other' && (place === 'path' || name === 'creator_id'),
    );
    if (isNamed && !operation.query.some(({ name }) => name === 'creator_id')) expect(found.statusCode).toBe(404);
  });

  test.each(
    cases.filter(([, { method }, mixture]) => method === 'GET' && mixture.every(([, whose]) => whose === 'other')),
  )('its own key does find them: %s', async (_name, operation, mixture) => {
    const foreign = choose(mixture.map(([slot]) => [slot, 'foreign']));
    expect((await send(operation, foreign, owner.apiKey)).statusCode).toBe(200);
  });
});

test.each(operations.filter(({ method, ids: inPath }) => method === 'GET' && inPath.length === 0))(
  '$id tells nothing of another organization',
  async (operation) => {
    const answer = await send(operation, new Map(), stranger.apiKey);
    expect(answer.statusCode).toBe(200);
    const secrets = ['foreign_', 'foreign creator', owner.organizationId, ...before.flatMap(idsIn)];
    expect(secrets.filter((secret) => answer.body.replace('"query":"foreign"', '').includes(secret))).toEqual([]);
  },
);

test('the other organization is as it was', async () => {
  expect(await kept()).toEqual(before);
});

const idsIn = (body: unknown): string[] =>
  JSON.stringify(body).match(/(?<="(?:id|account_id|creator_id)":")[0-9a-f-]{36}/g) ?? [];
