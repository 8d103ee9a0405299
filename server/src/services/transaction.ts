import type { Kysely, Transaction } from 'kysely';
import { errorCode } from '../database/errors.ts';
import type { Database } from '../database/tables.ts';
import type { Context } from './context.ts';

const maxAttempts = 3;
const retryableCodes = new Set(['40001', '40P01']); // serialization_failure, deadlock_detected

/**
 * Runs `work` in the transaction that the caller has opened, or else in one of its own. One of its own is repeated when
 * Postgres chose it as the victim of a deadlock: nothing of it has happened then.
 */
export async function inTransaction<T>(
  ctx: Pick<Context, 'db' | 'logger'>,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  const { db } = ctx;
  if (isOpen(db)) return work(db);
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === maxAttempts || !retryableCodes.has(errorCode(error) ?? '')) throw error;
      ctx.logger.warn({ attempt, code: errorCode(error) }, 'transaction repeated');
    }
  }
}

function isOpen(db: Kysely<Database>): db is Transaction<Database> {
  return db.isTransaction;
}
