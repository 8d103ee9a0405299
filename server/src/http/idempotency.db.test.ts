import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { testApp, testAppWith } from '../../test/support/app.ts';
import { TestClock } from '../../test/support/clock.ts';
import { checkedInject } from '../../test/support/contract.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization, type TestOrganization } from '../../test/support/organization.ts';
import { conflict, type ErrorCode, invalid, notFound, Problem } from '../contract/problem.ts';
import { single } from '../contract/v2/conventions.ts';
import { newId } from '../database/ids.ts';
import { purgeIdempotencyRecords } from '../services/idempotency/purge.ts';
import type { Definition } from './v2/definition.ts';
import { operation } from './v2/operation.ts';

const { db } = await testDatabase();
const clock = new TestClock();
const app = await testApp(db, { clock });
afterAll(() => app.close());

let organization: TestOrganization;
beforeEach(async () => {
  organization = await createOrganization(db);
});

interface Sent {
  key?: string;
  apiKey?: string;
  on?: FastifyInstance;
  url?: string;
}

const post = (payload: object | string, { key, apiKey, on, url }: Sent = {}) =>
  checkedInject(on ?? app, {
    method: 'POST',
    url: url ?? '/v2/creators',
    headers: {
      authorization: `Bearer ${apiKey ?? organization.apiKey}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    payload,
  });

const creatorCount = async (): Promise<number> => {
  const rows = await db
    .selectFrom('creators')
    .select('creator_id')
    .where('organization_id', '=', organization.organizationId)
    .execute();
  return rows.length;
};

describe('§2.10 a repeated request', () => {
  test('is answered byte for byte as the first, and does nothing', async () => {
    const first = await post({ name: 'Rivals', metadata: { z: 1, a: 1.5 } }, { key: 'grp-1' });
    const again = await post({ metadata: { a: 1.5, z: 1 }, name: 'Rivals' }, { key: 'grp-1' });
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect([again.statusCode, again.body, again.headers.location]).toEqual([201, first.body, first.headers.location]);
    expect(await creatorCount()).toBe(1);
  });

  test('is answered by a process that was started since', async () => {
    const first = await post({ name: 'Rivals' }, { key: 'k' });
    const restarted = await testApp(db, { clock });
    expect((await post({ name: 'Rivals' }, { key: 'k', on: restarted })).body).toBe(first.body);
    await restarted.close();
  });

  test('is answered even if the resource is gone', async () => {
    const first = await post({ name: 'Rivals' }, { key: 'k' });
    const headers = { authorization: `Bearer ${organization.apiKey}` };
    await checkedInject(app, { method: 'DELETE', url: String(first.headers.location), headers });
    expect((await post({ name: 'Rivals' }, { key: 'k' })).body).toBe(first.body);
    expect(await creatorCount()).toBe(0);
  });

  test('with another body is 422', async () => {
    await post({ name: 'Rivals' }, { key: 'k' });
    const refused = await post({ name: 'Others' }, { key: 'k' });
    expect(refused.statusCode).toBe(422);
    expect(refused.json().errors[0].field).toBe('Idempotency-Key');
    expect(await creatorCount()).toBe(1);
  });

  test('with a default spelled out is another body; a member nobody knows counts too, however deep', async () => {
    const deep = `{"name":"Rivals","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect((await post({ name: 'Rivals' }, { key: 'k' })).statusCode).toBe(201);
    expect((await post({ name: 'Rivals', is_active: true }, { key: 'k' })).statusCode).toBe(422);
    expect((await post(deep, { key: 'k' })).statusCode).toBe(422);
    expect((await post(deep, { key: 'deep' })).statusCode).toBe(201);
  });

  test('is remembered for 24 hours', async () => {
    const first = (await post({ name: 'Rivals' }, { key: 'k' })).json().data.id;
    clock.advance(24 * 3600 - 1);
    expect((await post({ name: 'Rivals' }, { key: 'k' })).json().data.id).toBe(first);
    clock.advance(1);
    const later = await post({ name: 'Rivals' }, { key: 'k' });
    expect(later.headers['idempotent-replayed']).toBeUndefined();
    expect(later.json().data.id).not.toBe(first);
  });

  test('belongs to its organization and its route', async () => {
    const other = await createOrganization(db);
    const mine = await post({ name: 'Rivals' }, { key: 'k' });
    const theirs = await post({ name: 'Rivals' }, { key: 'k', apiKey: other.apiKey });
    expect(theirs.json().data.id).not.toBe(mine.json().data.id);
    const account = { platform: 'tiktok', username: 'oak_rye' };
    expect((await post(account, { key: 'k', url: '/v2/accounts' })).statusCode).toBe(201);
  });

  test('a blank key is no key, 255 characters are one, 256 are refused', async () => {
    await post({ name: 'a' }, { key: ' ' });
    await post({ name: 'a' }, { key: ' ' });
    expect(await creatorCount()).toBe(2);
    expect((await post({ name: 'a' }, { key: 'k'.repeat(255) })).statusCode).toBe(201);
    expect((await post({ name: 'a' }, { key: 'k'.repeat(256) })).statusCode).toBe(422);
  });

  test('a refusal leaves the key free', async () => {
    expect((await post({}, { key: 'k' })).statusCode).toBe(422);
    expect((await post('{', { key: 'k' })).statusCode).toBe(400);
    expect((await post({ name: 'a' }, { key: 'k' })).statusCode).toBe(201);
  });
});

test('§2.10 of 50 at once one creates; the others are told to wait or given its answer', async () => {
  const second = await testApp(db, { clock });
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      post({ name: 'Rivals' }, { key: 'k', on: index % 2 === 0 ? app : second }),
    ),
  );
  const created = answers.filter((answer) => answer.statusCode === 201);
  const waiting = answers.filter((answer) => answer.statusCode === 409);
  expect(created.length + waiting.length).toBe(50);
  expect(created.filter((answer) => answer.headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  expect(new Set(created.map((answer) => answer.body)).size).toBe(1);
  for (const answer of waiting) expect(answer.headers['retry-after']).toBe('1');
  expect(await creatorCount()).toBe(1);
  await second.close();
});

describe('§2.10 a request that was killed', () => {
  const mark = (claimedAt: Date) =>
    db
      .insertInto('idempotency_records')
      .values({
        organization_id: organization.organizationId,
        route: 'create_creator',
        idempotency_key: 'k',
        body_hash: Buffer.alloc(32),
        claimed_at: claimedAt,
      })
      .execute();

  test('leaves a mark that another body finds taken, and that lapses after 60 seconds', async () => {
    await mark(clock.now());
    clock.advance(59);
    expect((await post({ name: 'a' }, { key: 'k' })).statusCode).toBe(422);
    clock.advance(1);
    const taken = await post({ name: 'a' }, { key: 'k' });
    expect([taken.statusCode, taken.headers['idempotent-replayed']]).toEqual([201, undefined]);
    expect((await post({ name: 'a' }, { key: 'k' })).headers['idempotent-replayed']).toBe('true');
  });
});

describe('§2.10 what an operation produced', () => {
  const definition: Definition = {
    id: 'make_thing',
    method: 'POST',
    path: '/things',
    tag: 'System',
    scope: 'write',
    summary: 'Does as it is told',
    idempotent: true,
    body: Type.Object({ outcome: Type.String() }),
    success: 201,
    response: single(Type.Object({ id: Type.String() })),
    errors: ['NOT_FOUND', 'CONFLICT', 'QUOTA_EXCEEDED'],
  };
  const problems: Record<string, () => Error> = {
    NOT_FOUND: () => notFound('creator'),
    CONFLICT: () => conflict('It is there already.'),
    QUOTA_EXCEEDED: () => new Problem('QUOTA_EXCEEDED', 'No more.'),
    VALIDATION_ERROR: () => invalid([{ field: 'outcome', message: 'is not valid' }]),
    INTERNAL_ERROR: () => new Error('secret detail'),
    SERVICE_UNAVAILABLE: () => new Error('Connection terminated unexpectedly'),
  };

  /** An app with one operation that writes a row, waits where told to, then succeeds or fails. */
  async function appThat(options: { calls: string[]; wait?: () => Promise<void> }): Promise<FastifyInstance> {
    return testAppWith(db, { clock }, (routes, deps) =>
      operation(routes, deps, definition, async (ctx, { body }) => {
        const { outcome } = body as { outcome: string };
        const id = newId();
        options.calls.push(outcome);
        await ctx.db
          .insertInto('creators')
          .values({
            organization_id: ctx.organizationId,
            creator_id: id,
            name: outcome,
            name_folded: outcome,
            created_at: ctx.clock.now(),
          })
          .execute();
        await options.wait?.();
        const problem = problems[outcome];
        if (problem) throw problem();
        return { body: { data: { id } }, location: `/v2/things/${id}` };
      }),
    );
  }

  test.each([
    ['NOT_FOUND', 404],
    ['CONFLICT', 409],
    ['QUOTA_EXCEEDED', 403],
  ] satisfies [ErrorCode, number][])('%s is stored and replayed, and its writes are undone', async (code, status) => {
    const calls: string[] = [];
    const on = await appThat({ calls });
    const sent = { key: 'k', on, url: '/v2/things' };
    const first = await post({ outcome: code }, sent);
    const again = await post({ outcome: code }, sent);
    expect([first.statusCode, first.json().code]).toEqual([status, code]);
    expect(again.headers['idempotent-replayed']).toBe('true');
    const { request_id: _first, ...expected } = first.json();
    expect(again.json()).toMatchObject(expected);
    expect(calls).toHaveLength(1);
    expect(await creatorCount()).toBe(0);
    await on.close();
  });

  test.each([
    ['VALIDATION_ERROR', 422],
    ['INTERNAL_ERROR', 500],
    ['SERVICE_UNAVAILABLE', 503],
  ] satisfies [ErrorCode, number][])('%s is not stored: the next request runs', async (code, status) => {
    const calls: string[] = [];
    const on = await appThat({ calls });
    const sent = { key: 'k', on, url: '/v2/things' };
    for (const count of [1, 2]) {
      const answer = await post({ outcome: code }, sent);
      expect([answer.statusCode, answer.json().code, calls.length]).toEqual([status, code, count]);
      expect(answer.body).not.toContain('secret');
    }
    expect(await creatorCount()).toBe(0);
    await on.close();
  });

  test('while the first runs the second is 409; when the first lost its mark, only the taker commits', async () => {
    const calls: string[] = [];
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const slow = await appThat({
      calls,
      wait: async () => {
        entered.resolve();
        await gate.promise;
      },
    });
    const quick = await appThat({ calls });
    const sent = { key: 'k', url: '/v2/things' };
    const first = post({ outcome: 'a' }, { ...sent, on: slow });
    await entered.promise;
    const meanwhile = await post({ outcome: 'a' }, { ...sent, on: quick });
    expect([meanwhile.statusCode, meanwhile.headers['retry-after']]).toEqual([409, '1']);
    clock.advance(60);
    const taker = await post({ outcome: 'a' }, { ...sent, on: quick });
    expect(taker.statusCode).toBe(201);
    gate.resolve();
    expect((await first).statusCode).toBe(409);
    expect(await creatorCount()).toBe(1);
    expect((await post({ outcome: 'a' }, { ...sent, on: slow })).body).toBe(taker.body);
    await slow.close();
    await quick.close();
  });
});

test('records older than 24 hours are purged, abandoned marks too', async () => {
  await post({ name: 'old' }, { key: 'old' });
  clock.advance(3600);
  await post({ name: 'new' }, { key: 'new' });
  clock.advance(23 * 3600);
  await purgeIdempotencyRecords({ db, clock });
  const left = await db
    .selectFrom('idempotency_records')
    .select('idempotency_key')
    .where('organization_id', '=', organization.organizationId)
    .execute();
  expect(left).toEqual([{ idempotency_key: 'new' }]);
});
