import { pino } from 'pino';
import { expect, test } from 'vitest';
import { errorCodes, notFound, Problem, statusOf, titleOf, typeOf } from '../contract/problem.ts';
import { problemBody, toProblem } from './problems.ts';

/** A logger and the lines it wrote. */
function recorded() {
  const lines: Record<string, unknown>[] = [];
  return { logger: pino({}, { write: (line: string) => lines.push(JSON.parse(line)) }), lines };
}

const withCode = (code: string, message = 'secret') => Object.assign(new Error(message), { code });

test.each([
  [new Error('secret'), 'INTERNAL_ERROR'],
  ['secret', 'INTERNAL_ERROR'],
  [withCode('42P01'), 'INTERNAL_ERROR'],
  [withCode('ECONNREFUSED'), 'SERVICE_UNAVAILABLE'],
  [withCode('57P01'), 'SERVICE_UNAVAILABLE'],
  [withCode('53300'), 'SERVICE_UNAVAILABLE'],
  [withCode('57014'), 'SERVICE_UNAVAILABLE'],
  [withCode('40P01'), 'SERVICE_UNAVAILABLE'],
  [new Error('timeout exceeded when trying to connect'), 'SERVICE_UNAVAILABLE'],
  [withCode('FST_ERR_HANDLER_TIMEOUT'), 'SERVICE_UNAVAILABLE'],
])('%s becomes %s and says nothing of itself', (error, code) => {
  const { logger } = recorded();
  const problem = toProblem(error, logger, 'r-1');
  expect(problem.code).toBe(code);
  expect(JSON.stringify(problemBody(problem, '/v2/x', 'r-1'))).not.toMatch(/secret|timeout exceeded/);
});

test('an unknown error is logged with the request id, a refusal is not', () => {
  const { logger, lines } = recorded();
  toProblem(new Error('secret'), logger, 'r-1');
  toProblem(notFound('account'), logger, 'r-2');
  expect(lines).toEqual([expect.objectContaining({ level: 50, request_id: 'r-1' })]);
});

test('every code has its status, phrase and type', () => {
  for (const code of errorCodes) {
    const body = problemBody(new Problem(code, 'Detail.'), '/v2/x', 'r-1');
    expect(body).toEqual({
      type: typeOf(code),
      title: titleOf(statusOf(code)),
      status: statusOf(code),
      detail: 'Detail.',
      code,
      instance: '/v2/x',
      request_id: 'r-1',
    });
    expect(body['title']).not.toBe('Error');
  }
  expect(typeOf('QUOTA_EXCEEDED')).toBe('urn:creatoraudit:error:quota-exceeded');
});
