import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { ensurePartitions } from '../database/partitions.ts';
import type { Database } from '../database/tables.ts';
import { utcDay } from '../metrics/runs.ts';
import { purgeIdempotencyRecords } from '../services/idempotency/purge.ts';
import { purgeDeleted } from '../services/purge-deleted.ts';

const dayMs = 86_400_000;
const daysAhead = 100;

/** Housekeeping, every hour and at start: partitions ahead of time, and what may be forgotten. */
export async function maintain(
  db: Kysely<Database>,
  clock: Clock,
  logger: Logger,
  retentionDays?: number,
): Promise<void> {
  const now = clock.now();
  await ensurePartitions(
    db,
    utcDay(new Date(now.getTime() - dayMs)),
    utcDay(new Date(now.getTime() + daysAhead * dayMs)),
  );
  const accounts = await purgeDeleted(db, 'account', now, retentionDays);
  const videos = await purgeDeleted(db, 'video', now, retentionDays);
  const records = await purgeIdempotencyRecords({ db, clock });
  logger.debug({ accounts, videos, records }, 'housekeeping done');
}
