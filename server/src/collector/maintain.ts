import type { TaskList } from 'graphile-worker';
import { type Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { ensurePartitions } from '../database/partitions.ts';
import type { Database } from '../database/tables.ts';
import { utcDay } from '../metrics/runs.ts';
import { settleOrganizations } from '../services/organization-books/settle-organizations.ts';
import { purgeIdempotencyRecords } from '../services/idempotency/purge.ts';
import { purgeDeleted } from '../services/purge-deleted.ts';
import { purgeRefusedReadings } from '../services/refused-readings/purge-refused-readings.ts';

const dayMs = 86_400_000;
const daysAhead = 100;

export interface HousekeepingDeps {
  db: Kysely<Database>;
  clock: Clock;
  logger: Logger;
  retention: Retention;
  stopping: AbortSignal;
}

/** Days; the default of each where undefined. */
interface Retention {
  deletedDays: number | undefined;
  refusedDays: number | undefined;
}

/** The jobs of housekeeping. They never fail: what was left undone is done the next time. */
export function housekeeping({ stopping, ...deps }: HousekeepingDeps): TaskList {
  const { db, clock, logger } = deps;
  const brokeOff = (error: unknown): void => logger.error({ err: error }, 'housekeeping broke off');
  return {
    maintain: () => maintain(deps).catch(brokeOff),
    settle: () => settleOrganizations(db, clock.now(), stopping).catch(brokeOff),
  };
}

/** Housekeeping, every hour and at start: partitions ahead of time, and what may be forgotten. */
export async function maintain({ db, clock, logger, retention }: Omit<HousekeepingDeps, 'stopping'>): Promise<void> {
  const now = clock.now();
  await ensurePartitions(
    db,
    utcDay(new Date(now.getTime() - dayMs)),
    utcDay(new Date(now.getTime() + daysAhead * dayMs)),
  );
  const accounts = await purgeDeleted(db, 'account', now, retention.deletedDays);
  const videos = await purgeDeleted(db, 'video', now, retention.deletedDays);
  const refused = await purgeRefusedReadings(db, now, retention.refusedDays);
  const records = await purgeIdempotencyRecords({ db, clock });
  // A job of its own: the first time it takes seconds, and nobody shall wait for it.
  await sql`select graphile_worker.add_job('settle', max_attempts := 1)`.execute(db);
  logger.debug({ accounts, videos, refused, records }, 'housekeeping done');
}
