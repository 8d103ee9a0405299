import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import type { AccountRef } from '../account-history.ts';
import type { Named } from './tracked-account.ts';
import { isOf } from './write-readings.ts';

/**
 * What a person has imported for an account counts for it, also while it was paused: a pause does not hold from the first to the
 * last imported reading that lies in it.
 */
export async function openPausesToImported(
  trx: Transaction<Database>,
  account: AccountRef,
  named: Named,
): Promise<void> {
  const isAccount = sql`organization_id = ${account.organizationId} and account_id = ${account.accountId}`;
  const { rows } = await sql<Hole>`
    select z.started_at, z.ended_at, z.reason, min(s.read_at) as first_at, max(s.read_at) as last_at
    from account_pauses z join import_rows s on ${isOf(named)}
      and s.read_at >= z.started_at and (z.ended_at is null or s.read_at < z.ended_at)
    where ${isAccount} group by 1, 2, 3`.execute(trx);
  if (rows.length === 0) return;
  await sql`
    delete from account_pauses z using ${unnest(rows, { started_at: 'timestamptz' })}
    where ${isAccount} and z.started_at = u.started_at`.execute(trx);
  const pieces = rows.flatMap(piecesAround);
  await sql`
    insert into account_pauses (organization_id, account_id, started_at, ended_at, reason)
    select ${account.organizationId}::uuid, ${account.accountId}::uuid, u.*
    from ${unnest(pieces, { started_at: 'timestamptz', ended_at: 'timestamptz', reason: 'text' })}`.execute(trx);
}

interface Piece {
  started_at: Date;
  ended_at: Date | null;
  reason: string;
}

interface Hole extends Piece {
  first_at: Date;
  last_at: Date;
}

function piecesAround({ started_at: start, ended_at: end, reason, first_at: first, last_at: last }: Hole): Piece[] {
  const after = new Date(last.getTime() + 1);
  const pieces: Piece[] = [];
  if (start < first) pieces.push({ started_at: start, ended_at: first, reason });
  if (end === null || after < end) pieces.push({ started_at: after, ended_at: end, reason });
  return pieces;
}
