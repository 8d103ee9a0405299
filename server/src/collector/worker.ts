import { type Runner, type RunnerOptions, run, type TaskList, Logger as WorkerLogger } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';

export interface WorkerDeps {
  pool: Pool;
  logger: Logger;
  concurrency: number;
  taskList: TaskList;
  /** Before work goes on after a failure: what the failed worker held must be free again. */
  onRestart: () => Promise<unknown>;
}

export interface Worker {
  isHealthy(): boolean;
  stop(): Promise<void>;
}

const restartAfterMs = 1_000;

/**
 * Works off jobs until stopped. graphile-worker gives up for good when the database goes away under a running job; then a new
 * worker is started, again and again until the database is back.
 */
export async function startWorker(deps: WorkerDeps): Promise<Worker> {
  let runner: Runner | null = null;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const fail = (reason: unknown, failed: Runner | null): void => {
    if (isStopped) return;
    runner = null;
    deps.logger.error({ err: reason }, 'the job worker failed and is started anew');
    failed?.stop().catch(() => undefined);
    timer = setTimeout(() => {
      restart().catch((again: unknown) => fail(again, null));
    }, restartAfterMs);
  };
  const begin = async (): Promise<void> => {
    const begun = await run(optionsOf(deps));
    begun.promise.then(
      () => fail(new Error('the job worker ended'), begun),
      (error: unknown) => fail(error, begun),
    );
    if (isStopped) await begun.stop();
    else runner = begun;
  };
  const restart = async (): Promise<void> => {
    await deps.onRestart();
    if (!isStopped) await begin();
  };
  await begin();
  return {
    isHealthy: () => runner !== null,
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      // Its jobs find their claims void, should it be unable to say that it stops.
      await runner
        ?.stop()
        .catch((error: unknown) => deps.logger.warn({ err: error }, 'the job worker did not stop cleanly'));
    },
  };
}

function optionsOf({ pool, logger, concurrency, taskList }: WorkerDeps): RunnerOptions {
  return {
    pgPool: pool,
    concurrency,
    noHandleSignals: true,
    pollInterval: 2_000,
    // Jobs are fetched and completed in batches: a third fewer round trips per refresh. A crash makes them void claims at worst.
    // failJob unbatched would be called unwatched: an error of it would end the process.
    preset: { worker: { localQueue: { size: concurrency + 1 }, completeJobBatchDelay: 20, failJobBatchDelay: 20 } },
    logger: new WorkerLogger(() => (level, message, meta) => {
      if (level === 'error' || level === 'warning') logger.warn({ meta }, message);
    }),
    crontab: '17 * * * * maintain',
    taskList,
  };
}
