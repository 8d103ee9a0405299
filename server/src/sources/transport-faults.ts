import { BrokenCircuitError, BulkheadRejectedError, TaskCancelledError } from 'cockatiel';
import { errors } from 'undici';
import type { Answer } from './http-client.ts';
import type { Limits } from './manifest.ts';
import { failed, type FailureCode } from './outcome.ts';
import type { Failure } from './source.ts';

/** The request did not end in an answer. */
export class TransportFault extends Error {
  readonly code: FailureCode;
  readonly retryAfterMs: number | null;
  readonly isRetryable: boolean;

  constructor(code: FailureCode, message: string, retryAfterMs: number | null = null, isRetryable = false) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.isRetryable = isRetryable;
  }
}

/** An answer with a 5xx status: worth a retry and a count in the breaker, and still an answer. */
export class ServerFault extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`status ${answer.status}`);
    this.answer = answer;
  }
}

/** Whoever asked no longer wants to know; says nothing about the vendor. */
export class CallerGone extends Error {}

export function toFault(error: unknown, isTimeUp: boolean, limits: Limits): Error {
  if (error instanceof ServerFault) return error;
  // A retry after a full time-out would hold its slot for twice as long: the collector comes back later.
  if (isTimeUp || error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return new TransportFault('transient', `no complete answer in ${limits.requestTimeoutMs} ms`);
  }
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return new TransportFault('upstream_changed', `the answer exceeds ${limits.maxResponseBytes} bytes`);
  }
  return new TransportFault('transient', reason(error), null, true);
}

export function toFailure(
  error: unknown,
  name: string,
  { method, path }: Pick<Answer, 'method' | 'path'>,
  limits: Limits,
): { ok: false; failure: Failure } {
  const say = (what: string) => `${name}: ${method} ${path}: ${what}`;
  if (error instanceof TransportFault) {
    const detail = error.retryAfterMs === null ? {} : { retryAfterMs: Math.ceil(error.retryAfterMs) };
    return failed(error.code, say(error.message), detail);
  }
  if (error instanceof BrokenCircuitError) {
    return failed('transient', say('not asked after failures in a row'), {
      retryAfterMs: limits.breaker.halfOpenAfterMs,
    });
  }
  if (error instanceof BulkheadRejectedError) return failed('transient', say('too many requests are waiting'));
  if (error instanceof CallerGone || error instanceof TaskCancelledError) return failed('transient', say('cancelled'));
  return failed('transient', say(reason(error)));
}

/** Undici's messages name hosts and ports, never headers. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message === '' ? code : `${code}: ${error.message}`;
}
