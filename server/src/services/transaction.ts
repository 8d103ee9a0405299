import type { Kysely, Transaction } from 'kysely';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import type { Context } from './context.ts';

/** Runs `work` in the transaction that the caller has opened, or else in one of its own, repeated after a deadlock. */
export async function inTransaction<T>(
  ctx: Pick<Context, 'db'>,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  return isOpen(ctx.db) ? work(ctx.db) : repeatable(ctx.db, work);
}

function isOpen(db: Kysely<Database>): db is Transaction<Database> {
  return db.isTransaction;
}
