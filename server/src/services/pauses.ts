import { sql, type Transaction } from 'kysely';
import type { AccountPausesTable, Database } from '../database/tables.ts';

/** What an organization tracks: a feed, or a post on its own. */
export type Holder = 'account' | 'video';

export interface PauseChange {
  holder: Holder;
  organizationId: string;
  ids: readonly string[];
  now: Date;
}

const tables = {
  account: { pauses: sql.table('account_pauses'), id: sql.ref('account_id') },
  video: { pauses: sql.table('video_pauses'), id: sql.ref('video_id') },
};

/** From now on readings are not theirs. A pause that began at this very moment is reopened. */
export async function openPauses(
  trx: Transaction<Database>,
  { holder, organizationId, ids, now }: PauseChange,
  reason: AccountPausesTable['reason'],
): Promise<void> {
  const { pauses, id } = tables[holder];
  await sql`
    insert into ${pauses} (organization_id, ${id}, started_at, reason)
    select ${organizationId}::uuid, holder_id, ${now}::timestamptz, ${reason} from unnest(${ids}::uuid[]) as holder_id
    on conflict (organization_id, ${id}, started_at)
    do update set ended_at = null, reason = excluded.reason`.execute(trx);
}

/** From now on readings are theirs again. */
export async function closePauses(
  trx: Transaction<Database>,
  { holder, organizationId, ids, now }: PauseChange,
): Promise<void> {
  const { pauses, id } = tables[holder];
  await sql`
    update ${pauses} set ended_at = greatest(started_at, ${now}::timestamptz)
    where organization_id = ${organizationId} and ${id} = any(${ids}::uuid[]) and ended_at is null`.execute(trx);
}
