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
import { createPace } from './pace.ts';
import { createRetryBudget } from './retry-budget.ts';
import type { Result } from './source.ts';
import { CallerGone, ServerFault, TransportFault, toFailure, toFault } from './transport-faults.ts';

type Method = 'GET' | 'POST';

/** What came back, whatever the status. Redirects are not followed: they are how a login wall shows. */
export interface Answer {
  method: Method;
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

export interface PostRequest extends Request {
  body: { json: unknown } | { form: Readonly<Record<string, string>> };
  /** False for what costs or changes something: it is never sent a second time by itself. */
  isRepeatable: boolean;
}

/** Requests to one vendor, bounded in time, number, size, frequency and repetition. Never throws. */
export interface HttpClient {
  get(request: Request): Promise<Result<Answer>>;
  post(request: PostRequest): Promise<Result<Answer>>;
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

/** A request as it is sent. */
interface Sent extends Request {
  method: Method;
  body: string | null;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { name, limits } = options;
  const budget = createRetryBudget(limits.retry.budgetPercent);
  const agent = createAgent(limits);
  const send = createSend(options, agent);
  const policies = createPolicies(limits, budget.spend);
  const pace = createPace(limits.pace);
  let pausedUntil = 0;

  const ask = async (request: Sent, policy: IPolicy): Promise<Result<Answer>> => {
    try {
      await outlast(pausedUntil - performance.now(), limits.patienceMs, request.signal);
      budget.earn();
      const answer = await policy.execute(async ({ signal }) => {
        await pace(signal);
        // Whoever has waited for a place may find that the source wants a pause meanwhile.
        await outlast(pausedUntil - performance.now(), limits.patienceMs, signal);
        return policies.timeout.execute((attempt) => send(request, attempt.signal), signal);
      }, request.signal);
      return ok(answer);
    } catch (error) {
      if (error instanceof ServerFault) return ok(error.answer);
      return toFailure(error, name, request, limits);
    }
  };

  return {
    get: (request) => ask({ ...request, method: 'GET', body: null }, policies.repeated),
    post({ body, isRepeatable, ...request }) {
      const content = encode(body);
      const headers = { 'content-type': content.type, ...request.headers };
      const sent: Sent = { ...request, headers, method: 'POST', body: content.text };
      return ask(sent, isRepeatable ? policies.repeated : policies.once);
    },
    pause(durationMs) {
      pausedUntil = Math.max(pausedUntil, performance.now() + durationMs);
    },
    close: () => agent.destroy(),
  };
}

type Send = (request: Sent, signal: AbortSignal) => Promise<Answer>;

/** One attempt: an answer below 500, or a fault. */
function createSend({ baseUrl, limits, headers: own }: HttpClientOptions, agent: Agent): Send {
  const base = new URL(baseUrl);
  const basePath = base.pathname.replace(/\/$/, '');
  return async (request, signal) => {
    const { method, body } = request;
    const path = `${basePath}${request.path}${queryString(request.query)}`;
    try {
      const headers = { accept: 'application/json', ...own, ...request.headers };
      const response = await agent.request({ origin: base.origin, path, method, headers, body, signal });
      const answer = await read(response, request);
      if (answer.status >= 500 && !limits.answersAbove500?.includes(answer.status)) throw new ServerFault(answer);
      return answer;
    } catch (error) {
      if (request.signal?.aborted) throw new CallerGone();
      throw toFault(error, signal.aborted, limits);
    }
  };
}

function encode(body: PostRequest['body']): { type: string; text: string } {
  if ('json' in body) return { type: 'application/json', text: JSON.stringify(body.json) };
  return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(body.form).toString() };
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

interface Policies {
  repeated: IPolicy;
  once: IPolicy;
  timeout: IPolicy;
}

function createPolicies(limits: Limits, mayRetry: () => boolean): Policies {
  const { attempts, initialDelayMs, maxDelayMs } = limits.retry;
  const { failures, halfOpenAfterMs } = limits.breaker;
  const retryable = handleType(TransportFault, (fault) => fault.isRetryable && mayRetry()).orType(
    ServerFault,
    mayRetry,
  );
  const places = bulkhead(limits.concurrency, limits.queue);
  const wasAsked = ({ code }: TransportFault): boolean => code !== 'rate_limited';
  const breaker = circuitBreaker(handleType(TransportFault, wasAsked).orType(ServerFault), {
    breaker: new ConsecutiveBreaker(failures),
    halfOpenAfter: halfOpenAfterMs,
  });
  const backoff = new ExponentialBackoff({ initialDelay: initialDelayMs, maxDelay: maxDelayMs });
  return {
    repeated: wrap(places, retry(retryable, { maxAttempts: attempts, backoff }), breaker),
    once: wrap(places, breaker),
    // Aborting a signal that nobody listens to any more would cost an exception with its stack per request.
    timeout: timeout(limits.requestTimeoutMs, { strategy: TimeoutStrategy.Cooperative, abortOnReturn: false }),
  };
}

async function read(response: Dispatcher.ResponseData, { method, path }: Sent): Promise<Answer> {
  return { method, path, status: response.statusCode, headers: response.headers, body: await response.body.text() };
}

function queryString(query: Request['query']): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}
