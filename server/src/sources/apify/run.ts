import { setTimeout as wait } from 'node:timers/promises';
import { type Fields, text } from '../fields.ts';
import { failed, ok } from '../outcome.ts';
import type { Failure, RequestOptions, Result } from '../source.ts';
import type { Api } from './api.ts';
import { dollars } from './spending.ts';

/** A run of an actor, as last seen. */
export interface Run {
  id: string;
  status: string;
  datasetId: string;
  /** What it has cost so far; null: not said. */
  usd: number | null;
}

export interface Patience {
  /** From the start to the last result. */
  runTimeoutMs: number;
  /** One request waits so long for the end of the run. */
  waitForFinishS: number;
  /** Between two looks, when the platform does not wait. */
  pollMs: number;
}

const ended = new Set(['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED-OUT']);
export const isEnded = ({ status }: Run): boolean => ended.has(status);

/** Ids stand in paths. */
const isId = (value: string | null): value is string => value !== null && /^\w{1,64}$/.test(value);

export function runOf(data: Fields, what: string): Result<Run> {
  const [id, datasetId, status] = [text(data.id), text(data.defaultDatasetId), text(data.status)];
  if (!isId(id) || !isId(datasetId) || status === null) return failed('upstream_changed', `${what}: no run`);
  return ok({ id, datasetId, status, usd: dollars(data.usageTotalUsd) });
}

/** A look may fail so often in a row: the run goes on meanwhile, and costs. */
const failedLooks = 3;
const passes = new Set<Failure['code']>(['transient', 'rate_limited']);

/** Waits until a run has ended, whatever its end. */
export async function awaitEnd(
  api: Api,
  started: Run,
  patience: Patience,
  options: RequestOptions,
): Promise<Result<Run>> {
  const path = `/actor-runs/${started.id}`;
  const lastLookAt = performance.now() + patience.runTimeoutMs;
  let run = started;
  for (let failures = 0; !isEnded(run); ) {
    if (performance.now() >= lastLookAt) return failed('transient', `GET ${path}: still ${run.status}`);
    const data = await api.get(path, { waitForFinish: String(patience.waitForFinishS) }, options);
    const seen = data.ok ? runOf(data.value, `GET ${path}`) : data;
    failures = seen.ok ? 0 : failures + 1;
    if (!seen.ok && (failures === failedLooks || !passes.has(seen.failure.code))) return seen;
    if (seen.ok) run = seen.value;
    if (isEnded(run)) break;
    await wait(patience.pollMs, undefined, options).catch(() => undefined);
    if (options.signal?.aborted) return failed('transient', `GET ${path}: cancelled`);
  }
  return ok(run);
}
