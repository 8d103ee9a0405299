import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/tables.ts';

export type Scope = 'read' | 'write' | 'admin';

/** Who acts: an API key, or a part of Tallyline itself (command line, collector). */
export type Actor =
  | { type: 'api_key'; id: string; name: string; scopes: readonly Scope[] }
  | { type: 'system'; name: string };

/** Work that several questions have in common: done once for all that ask while nothing of the organization's data changes. */
export type Share = <T>(name: string, work: () => Promise<T>) => Promise<T>;

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
  /** Absent: work is done for each question. */
  share?: Share | undefined;
}

/** The outcome of `work`, shared with others that ask for the same `name`. It may be older than the moment, never than the data version. */
export const shared = <T>({ share }: Context, name: string, work: () => Promise<T>): Promise<T> =>
  share === undefined ? work() : share(name, work);
