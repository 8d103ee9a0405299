import { hostname } from 'node:os';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { newId } from '../database/ids.ts';
import type { Database } from '../database/tables.ts';
import type { Source } from '../sources/source.ts';
import { claimablePosts, claimableProfiles } from './claimable.ts';
import { deadNeighbours } from './dead-neighbours.ts';
import { housekeeping, maintain } from './maintain.ts';
import { refreshPost } from './refresh-post.ts';
import { type RefreshDeps, refresh } from './refresh.ts';
import { beat, releaseClaims, releaseDead, releaseOwn } from './schedule.ts';
import { startScheduler } from './scheduler.ts';
import { watchStatistics } from './statistics.ts';
import { refreshTask } from './task.ts';
import { startWorker } from './worker.ts';

export interface CollectorSettings {
  collectorConcurrency: number;
  maxPagesPerRefresh: number;
  deletedRetentionDays?: number;
  refusedRetentionDays?: number;
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
  /** False while jobs cannot be worked off. */
  isHealthy(): boolean;
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
  const retention = { deletedDays: config.deletedRetentionDays, refusedDays: config.refusedRetentionDays };
  const deps: RefreshDeps = { db, sources, clock, logger, collectorId, maxPagesPerRefresh: config.maxPagesPerRefresh };

  await beat(db, self);
  const released = await releaseDead(db, await deadNeighbours(db, self));
  if (released > 0) logger.info({ released }, 'took over the claims of a collector that is gone');
  await maintain({ db, clock, logger, retention });

  const scheduler = startScheduler({ db, collectorId, clock, logger, capacity: config.collectorConcurrency * 4 });
  const statistics = watchStatistics(db, logger, scheduler.onDone);
  const orphans: (() => Promise<void>)[] = [];
  const onOrphan = (again: () => Promise<void>) => orphans.push(again);
  const jobs = { db, clock, logger, stopping: stopping.signal, onDone: statistics.onDone, onOrphan };
  const beating = setInterval(() => {
    beat(db, self)
      .then(() => Promise.all(orphans.splice(0).map((handBack) => handBack())))
      .then(() => releaseDead(db, []))
      .then((freed) => (freed > 0 ? scheduler.tick() : undefined))
      .catch((error: unknown) => logger.error({ err: error }, 'could not beat'));
  }, beatEveryMs);

  const worker = await startWorker({
    pool,
    logger,
    concurrency: config.collectorConcurrency,
    onRestart: () => releaseClaims(db, collectorId),
    taskList: {
      schedule: () => scheduler.tick(),
      refresh_profile: refreshTask(jobs, claimableProfiles, (claim, signal) => refresh(deps, claim, signal)),
      refresh_post: refreshTask(jobs, claimablePosts, (claim, signal) => refreshPost(deps, claim, signal)),
      ...housekeeping({ db, clock, logger, retention, stopping: stopping.signal }),
    },
  });
  void scheduler.tick();

  const stop = async (): Promise<void> => {
    clearInterval(beating);
    const hurry = setTimeout(() => stopping.abort(), config.stopGraceMs ?? defaultStopGraceMs);
    await scheduler.stop();
    await worker.stop();
    await statistics.stop();
    clearTimeout(hurry);
    stopping.abort();
    await releaseOwn(db, collectorId);
  };
  return { collectorId, isHealthy: worker.isHealthy, stop };
}
