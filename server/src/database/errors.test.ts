import { describe, expect, it } from 'vitest';
import { isDatabaseUnavailable } from './errors.ts';

function failure(code: string): Error {
  return Object.assign(new Error('failed'), { code });
}

describe('a failure is a matter of the database being away', () => {
  it.each(['ECONNREFUSED', '57P01', '57P03', '08006', '53300'])('with %s', (code) => {
    expect(isDatabaseUnavailable(failure(code))).toBe(true);
  });

  it('with a Unix socket that is missing', () => {
    expect(isDatabaseUnavailable(Object.assign(failure('ENOENT'), { syscall: 'connect' }))).toBe(true);
  });

  it.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])('as "%s"', (message) => {
    expect(isDatabaseUnavailable(new Error(message))).toBe(true);
  });

  it.each(['23505', '57014', '42P01', 'ENOENT'])('but not with %s', (code) => {
    expect(isDatabaseUnavailable(failure(code))).toBe(false);
  });

  it('but not when it is no error at all', () => {
    expect(isDatabaseUnavailable('Connection terminated')).toBe(false);
  });
});
