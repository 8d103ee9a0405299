import { sql, type Transaction } from 'kysely';
import type { AccountPausesTable, Database } from '../../database/tables.ts';

interface PauseChange {
  organizationId: string;
  accountIds: readonly string[];
  now: Date;
}

/** From now on readings are not these accounts' own. A pause that began at this very moment is reopened. */
export async function openPauses(
  trx: Transaction<Database>,
  { organizationId, accountIds, now }: PauseChange,
  reason: AccountPausesTable['reason'],
): Promise<void> {
  await sql`
    insert into account_pauses (organization_id, account_id, started_at, reason)
    select ${organizationId}::uuid, id, ${now}::timestamptz, ${reason} from unnest(${accountIds}::uuid[]) as id
    on conflict (organization_id, account_id, started_at)
    do update set ended_at = null, reason = excluded.reason`.execute(trx);
}

/** From now on readings are these accounts' own again. */
export async function closePauses(
  trx: Transaction<Database>,
  { organizationId, accountIds, now }: PauseChange,
): Promise<void> {
  await sql`
    update account_pauses set ended_at = greatest(started_at, ${now}::timestamptz)
    where organization_id = ${organizationId} and account_id = any(${accountIds}::uuid[]) and ended_at is null`.execute(
    trx,
  );
}
