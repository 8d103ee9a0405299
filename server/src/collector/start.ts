import { hostname } from 'node:os';
import { type Runner, Logger as WorkerLogger, run } from 'graphile-worker';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { newId } from '../database/ids.ts';
import type { Database } from '../database/tables.ts';
import type { Source } from '../sources/source.ts';
import { deadNeighbours } from './dead-neighbours.ts';
import { maintain } from './maintain.ts';
import type { RefreshDeps } from './refresh.ts';
import { beat, releaseDead, releaseOwn } from './schedule.ts';
import { startScheduler } from './scheduler.ts';
import { refreshTask } from './task.ts';

export interface CollectorSettings {
  collectorConcurrency: number;
  maxPagesPerRefresh: number;
  deletedRetentionDays?: number;
  /** How long running refreshes may go on after stop(); they are handed back then. */
  stopGraceMs?: number;
}

export interface CollectorDeps {
  handle: { db: Kysely<Database>; pool: Pool };
  sources: readonly Source[];
  clock: Clock;
  logger: Logger;
  config: CollectorSettings;
}

export interface Collector {
  collectorId: string;
  /** Lets running refreshes end within a few seconds, hands the others back. */
  stop(): Promise<void>;
}

const beatEveryMs = 5_000;
const defaultStopGraceMs = 5_000;

/** Starts a collector: it beats, claims due profiles, and works off the refresh jobs of all collectors on this database. */
export async function startCollector({ handle, sources, clock, logger, config }: CollectorDeps): Promise<Collector> {
  const { db, pool } = handle;
  const collectorId = newId();
  const self = { collectorId, host: hostname(), pid: process.pid, sources: sources.map((source) => source.name) };
  const stopping = new AbortController();
  const deps: RefreshDeps = { db, sources, clock, logger, collectorId, maxPagesPerRefresh: config.maxPagesPerRefresh };

  await beat(db, self);
  const released = await releaseDead(db, await deadNeighbours(db, self));
  if (released > 0) logger.info({ released }, 'took over the claims of a collector that is gone');
  await maintain(db, clock, logger, config.deletedRetentionDays);

  const scheduler = startScheduler({ db, collectorId, clock, logger, capacity: config.collectorConcurrency * 4 });
  const refreshProfile = refreshTask(deps, stopping.signal, scheduler.onDone);
  const beating = setInterval(() => {
    beat(db, self)
      .then(() => releaseDead(db, []))
      .then((freed) => (freed > 0 ? scheduler.tick() : undefined))
      .catch((error: unknown) => logger.error({ err: error }, 'could not beat'));
  }, beatEveryMs);

  const runner: Runner = await run({
    pgPool: pool,
    concurrency: config.collectorConcurrency,
    noHandleSignals: true,
    pollInterval: 2_000,
    // Jobs are fetched and completed in batches: a third fewer round trips per refresh. A crash makes them void claims at worst.
    preset: {
      worker: { localQueue: { size: config.collectorConcurrency + 1 }, completeJobBatchDelay: 20 },
    },
    logger: new WorkerLogger(() => (level, message, meta) => {
      if (level === 'error' || level === 'warning') logger.warn({ meta }, message);
    }),
    crontab: '17 * * * * maintain',
    taskList: {
      schedule: () => scheduler.tick(),
      refresh_profile: refreshProfile,
      maintain: () => maintain(db, clock, logger, config.deletedRetentionDays),
    },
  });
  void scheduler.tick();

  const stop = async (): Promise<void> => {
    clearInterval(beating);
    const hurry = setTimeout(() => stopping.abort(), config.stopGraceMs ?? defaultStopGraceMs);
    await scheduler.stop();
    await runner.stop();
    clearTimeout(hurry);
    stopping.abort();
    await releaseOwn(db, collectorId);
  };
  return { collectorId, stop };
}
