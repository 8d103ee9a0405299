import type { Failure, Result } from './source.ts';

export type FailureCode = Failure['code'];

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export function failed(
  code: FailureCode,
  message: string,
  detail: Omit<Failure, 'code' | 'message'> = {},
): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, message, ...detail } };
}
