import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { DatabaseStartError, isDatabaseUnavailable } from './errors.ts';

const OLDEST_VERSION = 150_000;
const NEWEST_MAJOR = 18;
const REACH_TIMEOUT_MS = 10_000;
const RETRY_MS = 500;

/** Sessions work in UTC, also when the URL brings `options` of its own, which would replace ours. */
export function withUtcSessions(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const own = url.searchParams.get('options');
  if (own === null) return databaseUrl;
  url.searchParams.set('options', `${own} -c TimeZone=UTC`);
  return url.href;
}

/** Waits for a server that is just starting, and refuses one that is too old for our SQL. */
export async function checkServer(pool: pg.Pool, databaseUrl: string, logger: Logger): Promise<void> {
  checkVersion(await reachServer(pool, databaseUrl), logger);
}

interface ServerVersion {
  /** server_version_num, such as 150008. */
  number: number;
  name: string;
}

export function checkVersion(version: ServerVersion, logger: Logger): void {
  if (version.number < OLDEST_VERSION) {
    throw new DatabaseStartError(
      `TALLYLINE_DATABASE_URL names a Postgres ${version.name} server; Tallyline needs 15 to ${NEWEST_MAJOR}.`,
    );
  }
  if (version.number >= (NEWEST_MAJOR + 1) * 10_000) {
    logger.warn({ version: version.name }, `Tallyline is tested on Postgres 15 to ${NEWEST_MAJOR}`);
  }
}

async function reachServer(pool: pg.Pool, databaseUrl: string): Promise<ServerVersion> {
  const deadlineMs = Date.now() + REACH_TIMEOUT_MS;
  for (;;) {
    try {
      const result = await pool.query<ServerVersion>(
        "select current_setting('server_version_num')::int as number, current_setting('server_version') as name",
      );
      return result.rows[0] ?? { number: 0, name: 'unknown' };
    } catch (error) {
      if (!isDatabaseUnavailable(error) || Date.now() > deadlineMs) throw unreachableError(databaseUrl, error);
      await delay(RETRY_MS);
    }
  }
}

function unreachableError(databaseUrl: string, error: unknown): DatabaseStartError {
  const { host, pathname } = new URL(databaseUrl);
  // connect() to a name with several addresses fails with an AggregateError without a message of its own
  const reason = error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error);
  return new DatabaseStartError(
    `The database ${host}${pathname} of TALLYLINE_DATABASE_URL can't be used: ${reason}. Check the URL and the server.`,
  );
}
