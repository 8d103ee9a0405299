import { uuidv7 } from 'uuidv7';

/** A new id for a row that clients see. Made here because Postgres 15-17 have no uuidv7(). */
export function newId(): string {
  return uuidv7();
}
