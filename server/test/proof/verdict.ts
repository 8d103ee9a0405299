import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { checkedInject } from '../support/contract.ts';
import type { ApiOperation } from './document.ts';
import type { Draft } from './requests.ts';
import type { Sent } from './send.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What holds of the answer beyond its declaration, which was checked when it came. */
export function judge(operation: ApiOperation, draft: Draft, sent: Sent): void {
  const { response, options } = sent;
  const status = response.statusCode;
  const told = `${operation.id}: ${describe(sent)} → ${status} ${response.body.slice(0, 500)}`;
  expect(status, told).toBeLessThan(500);
  const asked = String(options.headers?.['x-request-id'] ?? '');
  const requestId = String(response.headers['x-request-id']);
  if (/^[A-Za-z0-9._-]{1,128}$/.test(asked)) expect(requestId, told).toBe(asked);
  else expect(requestId, told).toMatch(uuid);
  if (status === 422) expect(response.json().errors.length, told).toBeGreaterThan(0);
  judgeExpected(operation, draft, sent, told);
}

function judgeExpected(operation: ApiOperation, draft: Draft, sent: Sent, told: string): void {
  const { response, isMissing } = sent;
  const status = response.statusCode;
  switch (draft.expect.kind) {
    case 'valid':
      expect(expectedStatuses(operation, draft, isMissing), `valid, but ${told}`).toContain(status);
      return;
    case 'invalid': {
      expect(status, `invalid, but ${told}`).toBe(422);
      const fields = response.json().errors.map(({ field }: { field: string }) => field);
      expect(fields, told).toHaveLength(1);
      expect(draft.expect.fields, told).toContain(fields[0]);
      return;
    }
    case 'refused':
      expect(status, `to be refused, but ${told}`).toBe(draft.expect.status);
      return;
    case 'any':
  }
}

/** A missing id is 404 and nothing else; what else may come depends on what exists. */
function expectedStatuses(operation: ApiOperation, draft: Draft, isMissing: boolean): number[] {
  if (isMissing && operation.statuses.includes(404)) return [404];
  const successes = operation.statuses.filter((status) => status < 300);
  if (operation.method === 'GET') return draft.headers['if-none-match'] === '*' ? [304] : successes;
  const others = operation.id === 'unlink_creator_account' ? [404] : [409];
  return [...successes, ...others.filter((status) => operation.statuses.includes(status))];
}

/** What was written is what is answered: no digit and no letter of it may be lost. */
export function judgeWritten({ body, response }: Sent): void {
  const sent = (body as { metadata?: unknown } | undefined)?.metadata;
  if (sent !== undefined) expect(response.json().data.metadata).toEqual(JSON.parse(JSON.stringify(sent)));
}

/** What must hold of a second request after a success. */
export async function followUp(app: FastifyInstance, operation: ApiOperation, sent: Sent): Promise<void> {
  if (operation.method === 'GET') await repeatGet(app, sent);
  else if (operation.headers.includes('Idempotency-Key')) await repeatCreate(app, sent);
}

async function repeatGet(app: FastifyInstance, { options, response, url }: Sent): Promise<void> {
  const { etag } = response.headers;
  const again = await checkedInject(app, {
    ...options,
    headers: { ...options.headers, 'if-none-match': String(etag) },
  });
  expect([again.statusCode, again.headers.etag], `${url} again with its ETag`).toEqual([304, etag]);
  const head = await checkedInject(app, { ...options, method: 'HEAD' });
  expect([head.statusCode, head.headers.etag], `HEAD ${url}`).toEqual([response.statusCode, etag]);
  const type = String(response.headers['content-type']);
  const next = type === 'application/json' ? response.json().pagination?.next_cursor : undefined;
  if (typeof next !== 'string') return;
  const page = await checkedInject(app, { ...options, url: `${url}${url.includes('?') ? '&' : '?'}cursor=${next}` });
  expect(page.statusCode, `${url}, its next page: ${page.body}`).toBe(200);
}

async function repeatCreate(app: FastifyInstance, { options, response, url }: Sent): Promise<void> {
  expect(response.headers.location, '§2.11').toBe(`${url}/${response.json().data.id}`);
  const key = String(options.headers?.['idempotency-key'] ?? '').trim();
  if (key === '') return;
  const again = await checkedInject(app, options);
  expect([again.statusCode, again.headers['idempotent-replayed']], `${url} again`).toEqual([
    response.statusCode,
    'true',
  ]);
  expect(again.body).toBe(response.body);
  expect(again.headers.location).toBe(response.headers.location);
}

function describe({ options, url }: Sent): string {
  const { authorization: _, ...headers } = options.headers ?? {};
  const payload = Buffer.isBuffer(options.payload) ? options.payload.toString('latin1') : (options.payload ?? '');
  return `${options.method} ${url.slice(0, 1500)} ${JSON.stringify(headers)} ${JSON.stringify(payload).slice(0, 1500)}`;
}
