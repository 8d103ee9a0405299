import { type Kysely, sql, type Transaction } from 'kysely';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { audit } from './audit.ts';
import type { Holder } from './pauses.ts';
import { retentionStart } from './retention.ts';

const batchSize = 100;

const tables = {
  account: {
    rows: sql.table('accounts'),
    id: sql.ref('account_id'),
    days: sql.table('account_days'),
    name: 'username',
  },
  video: {
    rows: sql.table('videos'),
    id: sql.ref('video_id'),
    days: sql.table('video_days'),
    name: 'external_id',
  },
};

interface Expired {
  organization_id: string;
  id: string;
}

/**
 * Removes for good what was deleted longer ago than deleted records are kept: housekeeping over all organizations.
 * Readings stay: they belong to the shared profile. Returns how many went.
 */
export async function purgeDeleted(
  db: Kysely<Database>,
  holder: Holder,
  now: Date,
  retentionDays?: number,
): Promise<number> {
  const keptSince = retentionStart(now, retentionDays);
  const { rows: table, id } = tables[holder];
  let purged = 0;
  for (;;) {
    const { rows } = await sql<Expired>`
      select organization_id, ${id} as id from ${table} where deleted_at < ${keptSince} limit ${batchSize}`.execute(db);
    for (const expired of rows) {
      if (await repeatable(db, (trx) => purge(trx, holder, expired, now, keptSince))) purged += 1;
    }
    if (rows.length < batchSize) return purged;
  }
}

async function purge(
  trx: Transaction<Database>,
  holder: Holder,
  expired: Expired,
  now: Date,
  keptSince: Date,
): Promise<boolean> {
  const { organization_id: organizationId, id: subjectId } = expired;
  const { rows: table, id, days, name } = tables[holder];
  const { rows } = await sql<{ platform: string; name: string }>`
    delete from ${table} where organization_id = ${organizationId} and ${id} = ${subjectId}
    and deleted_at < ${keptSince} returning platform, ${sql.ref(name)} as name`.execute(trx);
  const [gone] = rows;
  if (gone === undefined) return false;
  await sql`delete from ${days} where organization_id = ${organizationId} and ${id} = ${subjectId}`.execute(trx);
  const author = {
    organizationId,
    actor: { type: 'system', name: 'housekeeping' },
    clock: { now: () => now },
    requestId: '',
  } as const;
  const detail = { platform: gone.platform, [name]: gone.name };
  await audit(trx, author, { action: `${holder}.purge`, subjectType: holder, subjectId, detail });
  return true;
}
