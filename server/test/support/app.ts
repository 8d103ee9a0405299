import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import type { TSchema } from 'typebox';
import { systemClock } from '../../src/clock.ts';
import type { Database } from '../../src/database/tables.ts';
import { buildApp, buildAppWith } from '../../src/http/app.ts';
import type { AppDeps, HttpConfig } from '../../src/http/deps.ts';
import { silentLogger } from './logger.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);

/** The serialiser writes 0 for a null that its schema does not allow; here it is the defect that it is. */
function inspectAnswer(schema: TSchema, body: unknown): void {
  if (!ajv.validate(schema, body)) throw new Error(`The answer is not its schema's: ${ajv.errorsText(ajv.errors)}`);
}

type Overrides = Partial<Omit<AppDeps, 'config'>> & { config?: Partial<HttpConfig> };

export const testConfig: HttpConfig = {
  host: '127.0.0.1',
  port: 8787,
  publicUrl: null,
  answerCacheMb: 32,
  deletedRetentionDays: 30,
  rateLimit: 1_000_000,
  addressRateLimit: 1_000_000,
  trustedProxies: [],
  sources: [{ name: 'sandbox', values: {} }],
};

/** The whole HTTP room on a test's database; limits are out of the way unless named. */
export const testApp = async (db: Kysely<Database>, overrides: Overrides = {}): Promise<FastifyInstance> =>
  buildApp(depsOf(db, overrides));

/** The conventions around a test's own operations. */
export const testAppWith = async (
  db: Kysely<Database>,
  overrides: Overrides,
  routes: Parameters<typeof buildAppWith>[1],
): Promise<FastifyInstance> => buildAppWith(depsOf(db, overrides), routes);

function depsOf(db: Kysely<Database>, { config, ...rest }: Overrides): AppDeps {
  return { db, clock: systemClock, logger: silentLogger, inspectAnswer, ...rest, config: { ...testConfig, ...config } };
}
