import type { Kysely } from 'kysely';
import type { Database } from '../database/tables.ts';

/** Reads in one snapshot, so that a refresh between two questions is no false alarm. */
export function inSnapshot<T>(db: Kysely<Database>, work: (trx: Kysely<Database>) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
}
