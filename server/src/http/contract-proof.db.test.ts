import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type ApiOperation, operationsOf } from '../../test/proof/document.ts';
import { today } from '../../test/proof/groups.ts';
import { KnownIds } from '../../test/proof/known-ids.ts';
import { rememberOutcome, replenish } from '../../test/proof/remember.ts';
import { drafts } from '../../test/proof/requests.ts';
import { forgetSome, seed } from '../../test/proof/seed.ts';
import { send } from '../../test/proof/send.ts';
import { followUp, judge, judgeWritten } from '../../test/proof/verdict.ts';
import { apiOf } from '../../test/support/api.ts';
import { testApp } from '../../test/support/app.ts';
import { TestClock } from '../../test/support/clock.ts';
import { testDatabase } from '../../test/support/database.ts';
import { operationIndex } from '../../test/support/operation-index.ts';
import { createOrganization } from '../../test/support/organization.ts';

/** Requests of one run, over all operations. */
const requests = 10_000;
// A failure prints the seed; this repeats it.
const repeated = process.env.TALLYLINE_TEST_SEED;

const { db } = await testDatabase();
const app = await testApp(db, { clock: new TestClock(`${today}T12:00:00Z`) });
afterAll(() => app.close());

// Reads before deletions: what is read must be there.
const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const operations = operationsOf((await app.inject('/v2/openapi.json')).json()).toSorted(
  (a, b) => order.indexOf(a.method) - order.indexOf(b.method),
);
const ids = new KnownIds();
const [own, other] = [await createOrganization(db, 'Own'), await createOrganization(db, 'Other')];
const api = apiOf(app, own.apiKey);
await seed(db, { whose: 'own', organizationId: own.organizationId, api }, ids);
await forgetSome(api, ids);
const otherApi = apiOf(app, other.apiKey);
await seed(db, { whose: 'foreign', organizationId: other.organizationId, api: otherApi }, ids);

const sent = new Map<string, number>();
const succeeded = new Set<string>();

test.each(operations.map((operation): [string, ApiOperation] => [operation.id, operation]))(
  '%s answers valid, boundary and invalid requests as its declaration says',
  async (_id, operation) => {
    const property = fc.asyncProperty(drafts(operation), async (draft) => {
      await replenish(operation, api, ids);
      const exchange = await send(app, operation, draft, ids, `Bearer ${own.apiKey}`);
      sent.set(operation.id, (sent.get(operation.id) ?? 0) + 1);
      judge(operation, draft, exchange);
      await rememberOutcome(operation, exchange, ids, api);
      if (exchange.response.statusCode < 300) {
        succeeded.add(operation.id);
        judgeWritten(exchange);
        await followUp(app, operation, exchange);
      }
    });
    const seed = repeated === undefined ? {} : { seed: Number(repeated) };
    await fc.assert(property, { numRuns: Math.ceil(requests / operations.length), endOnFailure: true, ...seed });
  },
  60_000,
);

test('enough was asked, and every operation has succeeded', () => {
  expect([...sent.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(requests);
  expect(operationIndex.map(({ id }) => id).filter((id) => !succeeded.has(id))).toEqual([]);
});
