import { bulkhead } from 'cockatiel';
import { list, wholeNumber } from '../fields.ts';
import { failed, ok } from '../outcome.ts';
import { header } from '../read-answer.ts';
import type { RequestOptions, Result } from '../source.ts';
import type { Api } from './api.ts';
import { awaitEnd, isEnded, type Patience, type Run, runOf } from './run.ts';
import type { Reservation, Spending } from './spending.ts';

export interface Job {
  /** As in paths: `apify~instagram-scraper`. */
  actor: string;
  input: object;
  /** Results at most; each is paid for. */
  results: number;
}

export type RunJob = (job: Job, options: RequestOptions) => Promise<Result<unknown[]>>;

export interface RunnerOptions extends Patience {
  usdPerResult: number;
  /** Runs at the same time, and how many more may wait. */
  concurrency: number;
  queue: number;
}

/**
 * Actors run for minutes, so a run is started, waited for and read in requests of their own. Answers all items of a run that
 * succeeded; what any other run leaves behind is partial, and discarded. A run that nobody waits for any more is stopped.
 */
export function createRunner(api: Api, spending: Spending, options: RunnerOptions): RunJob {
  const places = bulkhead(options.concurrency, options.queue);
  return async (job, request) => {
    try {
      return await places.execute(() => runPaid(api, spending, options, job, request), request.signal);
    } catch {
      return failed(
        'transient',
        `${job.actor}: not started: ${request.signal?.aborted ? 'cancelled' : 'too many wait'}`,
      );
    }
  };
}

/** A run stops by itself at its cap. Results cost what they do by the plan, and a start costs too: a cap that bites wastes the run. */
const capUsd = (results: number, usdPerResult: number): number => 0.05 + 3 * results * usdPerResult;

async function runPaid(
  api: Api,
  spending: Spending,
  options: RunnerOptions,
  job: Job,
  request: RequestOptions,
): Promise<Result<unknown[]>> {
  const cap = capUsd(job.results, options.usdPerResult);
  const reserved = await spending.reserve(cap, request);
  if (!reserved.ok) return reserved;
  const path = `/acts/${job.actor}/runs`;
  const query = {
    timeout: String(Math.ceil(options.runTimeoutMs / 1000)),
    maxItems: String(job.results),
    maxTotalChargeUsd: cap.toFixed(3),
  };
  const started = await api.start(path, query, job.input, request);
  if (!started.ok) {
    reserved.value.settle(started.isUnsure ? null : 0);
    return { ok: false, failure: started.failure };
  }
  const run = runOf(started.value, `POST ${path}`);
  if (!run.ok) {
    reserved.value.settle(null);
    return run;
  }
  return collect(api, options, { job, cap, run: run.value, reservation: reserved.value }, request);
}

interface Paid {
  job: Job;
  cap: number;
  run: Run;
  reservation: Reservation;
}

async function collect(
  api: Api,
  options: RunnerOptions,
  { job, cap, run, reservation }: Paid,
  request: RequestOptions,
): Promise<Result<unknown[]>> {
  const last = await awaitEnd(api, run, options, request);
  if (!last.ok || !isEnded(last.value)) {
    reservation.settle(null);
    await api.end(`/actor-runs/${run.id}/abort`);
    return last.ok ? failed('transient', `${job.actor}: run ${run.id} did not end`) : last;
  }
  const { status, usd, datasetId } = last.value;
  const what = `${job.actor}: run ${run.id}`;
  const items = status === 'SUCCEEDED' ? await readItems(api, datasetId, request) : null;
  // The bill of a run may lag behind its end: what its results cost at least is known.
  const leastUsd = items?.ok ? items.value.length * options.usdPerResult : 0;
  reservation.settle(usd === null ? null : Math.max(usd, leastUsd));
  if (items === null) return failed('transient', `${what} has ${status}; its partial dataset is discarded`);
  if (usd !== null && usd >= cap) {
    const message = `${what} reached its cap of ${cap.toFixed(2)} US dollars; its partial dataset is discarded`;
    return failed('insufficient_credit', message);
  }
  return items;
}

const itemsPerPage = 1000;

async function readItems(api: Api, datasetId: string, request: RequestOptions): Promise<Result<unknown[]>> {
  const path = `/datasets/${datasetId}/items`;
  const items: unknown[] = [];
  for (;;) {
    const query = { format: 'json', offset: String(items.length), limit: String(itemsPerPage) };
    const page = await api.list(path, query, request);
    if (!page.ok) return page;
    const found = list(page.value.body);
    if (found === null) return failed('upstream_changed', `GET ${path}: no list`);
    items.push(...found);
    const total = wholeNumber(header(page.value.answer, 'x-apify-pagination-total')) ?? items.length;
    if (items.length >= total) return ok(items);
    if (found.length === 0) return failed('transient', `GET ${path}: ${items.length} of ${total} items`);
  }
}
