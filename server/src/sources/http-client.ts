import { setTimeout as wait } from 'node:timers/promises';
import {
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  type IPolicy,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { Agent, type Dispatcher } from 'undici';
import type { Limits } from './manifest.ts';
import { ok } from './outcome.ts';
import { createRetryBudget } from './retry-budget.ts';
import type { Result } from './source.ts';
import { CallerGone, ServerFault, TransportFault, toFailure, toFault } from './transport-faults.ts';

/** What came back, whatever the status. Redirects are not followed: they are how a login wall shows. */
export interface Answer {
  path: string;
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

export interface Request {
  path: string;
  query: Readonly<Record<string, string | null>>;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
}

/** GET requests to one vendor, bounded in time, number, size and repetition. Never throws. */
export interface HttpClient {
  get(request: Request): Promise<Result<Answer>>;
  /** Holds back every request for so long: a short pause is waited for, during a long one requests fail at once. */
  pause(durationMs: number): void;
  close(): Promise<void>;
}

export interface HttpClientOptions {
  /** For messages. */
  name: string;
  baseUrl: string;
  limits: Limits;
  /** Sent with every request; may hold secrets, so they appear in no message. */
  headers: Readonly<Record<string, string>>;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { name, limits } = options;
  const base = new URL(options.baseUrl);
  const basePath = base.pathname.replace(/\/$/, '');
  const agent = createAgent(limits);
  const budget = createRetryBudget(limits.retry.budgetPercent);
  const policy = createPolicy(limits, budget.spend);
  let pausedUntil = 0;

  const attempt = async (request: Request, signal: AbortSignal): Promise<Answer> => {
    const path = `${basePath}${request.path}${queryString(request.query)}`;
    try {
      const headers = { accept: 'application/json', ...options.headers, ...request.headers };
      const response = await agent.request({ origin: base.origin, path, method: 'GET', headers, signal });
      const answer = await read(response, request.path);
      if (answer.status >= 500) throw new ServerFault(answer);
      return answer;
    } catch (error) {
      if (request.signal?.aborted) throw new CallerGone();
      throw toFault(error, signal.aborted, limits);
    }
  };

  return {
    async get(request) {
      try {
        await outlast(pausedUntil - performance.now(), limits.patienceMs, request.signal);
        budget.earn();
        return ok(await policy.execute(({ signal }) => attempt(request, signal), request.signal));
      } catch (error) {
        if (error instanceof ServerFault) return ok(error.answer);
        return toFailure(error, name, request.path, limits);
      }
    },
    pause(durationMs) {
      pausedUntil = Math.max(pausedUntil, performance.now() + durationMs);
    },
    close: () => agent.destroy(),
  };
}

async function outlast(pauseMs: number, patienceMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (pauseMs <= 0) return;
  if (pauseMs > patienceMs) throw new TransportFault('rate_limited', 'not asked: the source wants a pause', pauseMs);
  await wait(pauseMs, undefined, { signal }).catch(() => {
    throw new CallerGone();
  });
}

function createAgent(limits: Limits): Agent {
  return new Agent({
    connections: limits.concurrency,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    connect: { timeout: limits.connectTimeoutMs },
    headersTimeout: limits.requestTimeoutMs,
    bodyTimeout: limits.requestTimeoutMs,
    maxResponseSize: limits.maxResponseBytes,
  });
}

function createPolicy(limits: Limits, mayRetry: () => boolean): IPolicy {
  const { attempts, initialDelayMs, maxDelayMs } = limits.retry;
  const { failures, halfOpenAfterMs } = limits.breaker;
  const retryable = handleType(TransportFault, (fault) => fault.isRetryable && mayRetry()).orType(
    ServerFault,
    mayRetry,
  );
  return wrap(
    bulkhead(limits.concurrency, limits.queue),
    retry(retryable, {
      maxAttempts: attempts,
      backoff: new ExponentialBackoff({ initialDelay: initialDelayMs, maxDelay: maxDelayMs }),
    }),
    circuitBreaker(handleType(TransportFault).orType(ServerFault), {
      breaker: new ConsecutiveBreaker(failures),
      halfOpenAfter: halfOpenAfterMs,
    }),
    // Aborting a signal that nobody listens to any more would cost an exception with its stack per request.
    timeout(limits.requestTimeoutMs, { strategy: TimeoutStrategy.Cooperative, abortOnReturn: false }),
  );
}

async function read(response: Dispatcher.ResponseData, path: string): Promise<Answer> {
  return { path, status: response.statusCode, headers: response.headers, body: await response.body.text() };
}

function queryString(query: Request['query']): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}
