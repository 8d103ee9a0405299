import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';

/**
 * Holds the books of organizations until the transaction ends: `shared` by those who add readings to what is held already,
 * `alone` by whoever changes who holds what, or days that are past. So whoever begins to hold a post sees all readings of its
 * other holders, and they see it. Called after accounts, videos and profiles were locked; `next` is locked after the books.
 */
export async function lockBooks(
  trx: Transaction<Database>,
  organizationIds: readonly string[],
  mode: 'shared' | 'alone',
  next: RawBuilder<unknown> | null = null,
): Promise<void> {
  const lock = mode === 'shared' ? sql`pg_advisory_xact_lock_shared` : sql`pg_advisory_xact_lock`;
  const sorted = [...new Set(organizationIds)].sort();
  await sql`
    select ${lock}(hashtextextended('tallyline.books ' || o, 0)) from unnest(${sorted}::text[]) as o
    ${next === null ? sql`` : sql`union all (${next})`}`.execute(trx);
}
