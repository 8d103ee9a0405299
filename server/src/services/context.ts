import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/tables.ts';

export type Scope = 'read' | 'write' | 'admin';

/** Who acts: an API key, or a part of Tallyline itself (command line, collector). */
export type Actor =
  | { type: 'api_key'; id: string; name: string; scopes: readonly Scope[] }
  | { type: 'system'; name: string };

/** Everything a service verb may know about its surroundings. */
export interface Context {
  actor: Actor;
  organizationId: string;
  /** The pool, or the transaction the caller has opened. */
  db: Kysely<Database>;
  clock: Clock;
  logger: Logger;
  requestId: string;
  /** Days a deleted record is kept; the default of services/retention.ts when absent. */
  retentionDays?: number | undefined;
}
