import type { Kysely, Transaction } from 'kysely';
import { errorCode } from './errors.ts';
import type { Database } from './tables.ts';

const maxAttempts = 10;
const repeatableCodes = new Set(['40001', '40P01']); // serialization_failure, deadlock_detected

/** What a transaction has read was changed before it held the locks that keep it so: it must begin anew. */
export class RepeatError extends Error {
  override readonly name = 'RepeatError';
  readonly code = '40001';
}

/** Runs `work` in a transaction, and again when Postgres chose it as the victim of a deadlock or it asks for it: nothing of it has happened then. */
export async function repeatable<T>(
  db: Kysely<Database>,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === maxAttempts || !repeatableCodes.has(errorCode(error) ?? '')) throw error;
    }
  }
}
