import { hostname } from 'node:os';
import { type Kysely, sql } from 'kysely';
import PQueue from 'p-queue';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { newId } from '../database/ids.ts';
import { ensurePartitions } from '../database/partitions.ts';
import type { Database } from '../database/tables.ts';
import { utcDay } from '../metrics/runs.ts';
import type { Source } from '../sources/source.ts';
import { backfill } from './backfill.ts';
import { type Cast, castAccounts, type TrackedAccount } from './cast.ts';
import { deadNeighbours } from './dead-neighbours.ts';
import { refresh } from './refresh.ts';
import { beat, releaseDead, releaseOwn } from './schedule.ts';

export interface SimulationDeps {
  db: Kysely<Database>;
  sources: readonly Source[];
  clock: Clock;
  logger: Logger;
  maxPagesPerRefresh: number;
  onProgress?: (done: number, total: number) => void;
}

export interface SimulationInput {
  organizationId: string;
  accounts: number;
  days: number;
  concurrency?: number;
}

export interface SimulationResult {
  accounts: number;
  created: number;
  backfilled: number;
  refreshes: number;
}

export interface Simulation extends SimulationDeps {
  collectorId: string;
  organizationId: string;
  startAt: Date;
  endAt: Date;
  /** One simulated refresh is done; `until` is the simulated time its profile has reached. */
  onRefresh: (profileId: number, until: Date) => void;
}

const dayMs = 86_400_000;
const beatEveryMs = 5_000;

/**
 * Fills an organization with history: the collector looks at every profile again and again under a simulated clock, from
 * `days` ago to now. Works beside a running server: its collector leaves the profiles alone that this one has claimed. Each
 * account's history appears at once, so a simulation that was killed is finished by running it again.
 */
export async function simulateHistory(deps: SimulationDeps, input: SimulationInput): Promise<SimulationResult> {
  const { db, clock } = deps;
  const endAt = clock.now();
  const startAt = new Date(endAt.getTime() - input.days * dayMs);
  await ensurePartitions(db, utcDay(new Date(startAt.getTime() - dayMs)), utcDay(new Date(endAt.getTime() + dayMs)));
  const self = { collectorId: newId(), host: hostname(), pid: process.pid, sources: deps.sources.map((s) => s.name) };
  await beat(db, self);
  await releaseDead(db, await deadNeighbours(db, self));
  const beating = setInterval(() => {
    keepClaims(db, self).catch((error: unknown) => deps.logger.error({ err: error }, 'could not beat'));
  }, beatEveryMs);
  let refreshes = 0;
  const { onRefresh, planned } = progressOf(deps, startAt, endAt, () => {
    refreshes += 1;
  });
  const { collectorId } = self;
  const simulation = { ...deps, collectorId, organizationId: input.organizationId, startAt, endAt, onRefresh };
  try {
    const cast = await castAccounts(simulation, input.accounts);
    planned(cast.created.length + cast.existing.length);
    const queue = new PQueue({ concurrency: input.concurrency ?? 4 });
    await queue.addAll([...cast.existing, ...cast.created].map((account) => () => fill(simulation, account)));
    return summary(cast, refreshes);
  } finally {
    clearInterval(beating);
    await releaseOwn(db, self.collectorId);
  }
}

/** A simulation lasts longer than any refresh: its claims are renewed with each beat. */
async function keepClaims(db: Kysely<Database>, self: Parameters<typeof beat>[1]): Promise<void> {
  await beat(db, self);
  await sql`update profiles set claimed_at = clock_timestamp() where claimed_by = ${self.collectorId}`.execute(db);
}

/** An account's past, and then its present, if nobody has read the profile yet. */
async function fill(simulation: Simulation, account: TrackedAccount): Promise<void> {
  await backfill(simulation, account);
  if (!account.isRead) await refresh(simulation, account);
}

function progressOf(deps: SimulationDeps, startAt: Date, endAt: Date, count: () => void) {
  const reached = new Map<number, number>();
  let total = 0;
  const days = Math.max(1, Math.round((endAt.getTime() - startAt.getTime()) / dayMs));
  return {
    planned: (profiles: number): void => {
      total = profiles * days;
      deps.onProgress?.(0, total);
    },
    onRefresh: (profileId: number, until: Date): void => {
      count();
      reached.set(profileId, Math.min(days, (until.getTime() - startAt.getTime()) / dayMs));
      const done = [...reached.values()].reduce((sum, value) => sum + value, 0);
      deps.onProgress?.(Math.min(Math.round(done), total), total);
    },
  };
}

function summary(cast: Cast, refreshes: number): SimulationResult {
  return {
    accounts: cast.created.length + cast.existing.length,
    created: cast.created.length,
    backfilled: cast.existing.length,
    refreshes,
  };
}
