import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { TSchema } from 'typebox';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/tables.ts';

export type HttpConfig = Pick<
  Config,
  | 'host'
  | 'port'
  | 'publicUrl'
  | 'rateLimit'
  | 'answerCacheMb'
  | 'deletedRetentionDays'
  | 'addressRateLimit'
  | 'trustedProxies'
  | 'sources'
>;

/** What the composition root hands to the HTTP room. */
export interface AppDeps {
  db: Kysely<Database>;
  clock: Clock;
  logger: Logger;
  config: HttpConfig;
  /** State of the collector in this process; absent where none runs. */
  collectorHealth?: () => { isHealthy: boolean };
  /** Sees every answer before it is written. Tests refuse here what the serialiser would make 0 or '' of: a null. */
  inspectAnswer?: (schema: TSchema, body: unknown) => void;
}
